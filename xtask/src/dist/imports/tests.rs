use super::{Import, ModuleError, PREAMBLE, read};

fn module(sections: &[&[u8]]) -> Vec<u8> {
    [&[PREAMBLE], sections].concat().concat()
}

fn import(module: &str, name: &str) -> Import {
    Import { module: module.to_owned(), name: name.to_owned() }
}

/// A section of one empty function type.
const TYPES: &[u8] = &[1, 4, 1, 0x60, 0, 0];

#[test]
fn a_module_without_an_import_section_imports_nothing() {
    assert_eq!(read(&module(&[])), Ok(vec![]));
    assert_eq!(read(&module(&[TYPES])), Ok(vec![]));
}

#[test]
fn each_kind_of_import_is_read() {
    let section = [
        &[2, 42, 5][..],
        b"\x03env\x01f\x00\x00",
        b"\x03env\x01t\x01\x70\x00\x00",
        b"\x03env\x01m\x02\x01\x01\x10",
        b"\x03env\x01g\x03\x7f\x00",
        b"\x03env\x01x\x04\x00\x00",
    ]
    .concat();
    let names = ["f", "t", "m", "g", "x"].map(|name| import("env", name));
    assert_eq!(read(&module(&[TYPES, &section])), Ok(names.into()));
}

#[test]
fn hostile_bytes_are_refused() {
    assert_eq!(read(b""), Err(ModuleError::NotAModule));
    assert_eq!(read(b"\0asm\x02\0\0\0"), Err(ModuleError::NotAModule));
    assert_eq!(read(&module(&[&[1, 200, 1]])), Err(ModuleError::Ended { byte: 11 }));
    assert_eq!(read(&module(&[&[2, 3, 0xff, 0xff, 0x7f]])), Err(ModuleError::Ended { byte: 13 }));
    assert_eq!(read(&module(&[&[2, 0x80, 0x80, 0x80, 0x80, 0x80]])), Err(ModuleError::Ended { byte: 14 }));
    assert_eq!(
        read(&module(&[b"\x02\x08\x01\x01a\x01b\x09"])),
        Err(ModuleError::UnknownKind { kind: 9, byte: 15 })
    );
}
