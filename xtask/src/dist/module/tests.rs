use super::{ModuleError, PREAMBLE, border};

fn module(sections: &[&[u8]]) -> Vec<u8> {
    [&[PREAMBLE], sections].concat().concat()
}

fn shown(sections: &[&[u8]]) -> Result<String, ModuleError> {
    border(&module(sections)).map(|border| border.to_string())
}

/// A section of two function types.
const TYPES: &[u8] = &[1, 9, 2, 0x60, 0, 0, 0x60, 2, 0x7f, 0x7e, 0];
/// One function of the second type.
const FUNCTIONS: &[u8] = &[3, 2, 1, 1];

#[test]
fn a_module_without_sections_has_no_border() {
    assert_eq!(shown(&[]), Ok(String::new()));
    assert_eq!(shown(&[TYPES]), Ok(String::new()));
}

#[test]
fn each_kind_of_import_is_read() {
    let section = [
        &[2, 47, 5][..],
        b"\x03env\x01f\x00\x01",
        b"\x03env\x01t\x01\x70\x00\x00",
        b"\x03env\x01m\x02\x01\x01\x10",
        b"\x03env\x01g\x03\x7f\x00",
        b"\x03env\x01x\x04\x00\x00",
    ]
    .concat();
    let expected = "import env.f: (i32, i64)\nimport env.g: global\nimport env.m: memory\nimport env.t: table\n\
                    import env.x: tag\n";
    assert_eq!(shown(&[TYPES, &section]).as_deref(), Ok(expected));
}

/// Imported functions are numbered first.
#[test]
fn exports_are_shown_with_their_types() {
    let imports = b"\x02\x07\x01\x01e\x01f\x00\x00";
    let exports = b"\x07\x0d\x03\x01b\x00\x01\x01a\x00\x00\x01m\x02\x00";
    let expected = "import e.f: ()\nexport a: ()\nexport b: (i32, i64)\nexport m: memory\n";
    assert_eq!(shown(&[TYPES, imports, FUNCTIONS, exports]).as_deref(), Ok(expected));
    let unknown = b"\x07\x05\x01\x01b\x00\x07";
    assert_eq!(shown(&[TYPES, FUNCTIONS, unknown]), Err(ModuleError::NoFunction { number: 7 }));
}

#[test]
fn hostile_bytes_are_refused() {
    assert_eq!(border(b""), Err(ModuleError::NotAModule));
    assert_eq!(border(b"\0asm\x02\0\0\0"), Err(ModuleError::NotAModule));
    assert_eq!(shown(&[&[1, 200, 1]]), Err(ModuleError::Ended { byte: 11 }));
    assert_eq!(shown(&[&[2, 3, 0xff, 0xff, 0x7f]]), Err(ModuleError::Ended { byte: 13 }));
    assert_eq!(shown(&[&[2, 0x80, 0x80, 0x80, 0x80, 0x80]]), Err(ModuleError::Ended { byte: 14 }));
    assert_eq!(shown(&[b"\x02\x06\x01\x01a\x01b\x09"]), Err(ModuleError::UnknownKind { kind: 9, byte: 15 }));
}
