//! Why a module does not ship.

use crate::dist::module::ModuleError;
use std::fmt;
use std::path::PathBuf;

#[derive(Debug)]
pub(crate) enum Fault {
    Module {
        path: PathBuf,
        cause: ModuleError,
    },
    Imports {
        path: PathBuf,
        names: Vec<String>,
    },
    Border {
        list: PathBuf,
        line: String,
    },
    NoSizes {
        line: String,
    },
    OverBudget {
        names: Vec<&'static str>,
    },
    NotReproducible {
        names: Vec<String>,
        other: PathBuf,
    },
    MachinePath {
        name: String,
        folder: PathBuf,
    },
    /// What a library said that finishes modules.
    #[cfg(feature = "tools")]
    Tool {
        module: PathBuf,
        cause: String,
    },
    #[cfg(not(feature = "tools"))]
    NoTools,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Module { path, cause } => {
                write!(f, "`{}` is no module we can ship: {cause}", path.display())
            }
            Self::Imports { path, names } => write!(
                f,
                "`{}` imports {}; expected no imports, so that any runtime can load it",
                path.display(),
                names.join(", ")
            ),
            Self::Border { list, line } => write!(
                f,
                "the module's border is not that of `{}`, first in `{line}`\n\
                 hint: if hosts are to notice, cargo xtask golden, and a line in CHANGELOG.md",
                list.display()
            ),
            Self::NoSizes { line } => {
                write!(f, "`{line}` gave no sizes; expected three numbers for each file")
            }
            Self::OverBudget { names } => write!(
                f,
                "over budget: {}\nhint: make it smaller, or raise its line in xtask/src/dist/sizes.rs",
                names.join(", ")
            ),
            Self::NotReproducible { names, other } => write!(
                f,
                "other bytes in `{}` than in `dist`: {}; expected the same from the same sources",
                other.display(),
                names.join(", ")
            ),
            Self::MachinePath { name, folder } => write!(
                f,
                "`dist/{name}` names the folder `{}` of this machine; expected none\n\
                 hint: xtask/src/dist/flags.rs gives folders other names",
                folder.display()
            ),
            #[cfg(feature = "tools")]
            Self::Tool { module, cause } => write!(f, "cannot finish `{}`: {cause}", module.display()),
            #[cfg(not(feature = "tools"))]
            Self::NoTools => write!(
                f,
                "this xtask was built without the tools that finish modules\nhint: cargo xtask dist starts the right one"
            ),
        }
    }
}
