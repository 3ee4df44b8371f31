//! What a host downloads for each face, against a budget, so that nothing grows unseen.

use crate::command::Words;
use crate::dist::Fault;
use crate::dist::tools::Tools;
use crate::failure::Failure;
use crate::project::Project;
use crate::shell;
use std::fmt;

/// Bytes of a download with brotli that a page should not notice: the aim for the module and what loads it.
const MUST_BROTLI_BYTES: u64 = 16_000;

/// What is downloaded for one face, and how large it may be.
struct Shipped {
    /// For people.
    name: &'static str,
    /// Below `dist/`; each is compressed alone, as a web server does.
    files: &'static [&'static str],
    /// Largest size of all files as they are: today's, rounded up.
    raw_bytes_max: u64,
    /// The same with brotli.
    brotli_bytes_max: u64,
    /// Whether pages download it, for which [`MUST_BROTLI_BYTES`] is meant; hosts and gateways load theirs once.
    is_downloaded_often: bool,
}

const SHIPPED: &[Shipped] = &[
    Shipped {
        name: "raw",
        files: &["cohort.wasm"],
        raw_bytes_max: 148_000,
        brotli_bytes_max: 47_700,
        is_downloaded_often: false,
    },
    // What a page downloads that decides.
    Shipped {
        name: "npm",
        files: &["npm/cohort_bg.wasm", "npm/decide.js"],
        raw_bytes_max: 99_000,
        brotli_bytes_max: 39_800,
        is_downloaded_often: true,
    },
    // What it downloads besides to follow a server.
    Shipped {
        name: "npm/connect",
        files: &["npm/index.js", "npm/connect.js"],
        raw_bytes_max: 10_500,
        brotli_bytes_max: 3_700,
        is_downloaded_often: false,
    },
    Shipped {
        name: "component",
        files: &["cohort.component.wasm"],
        raw_bytes_max: 185_000,
        brotli_bytes_max: 59_200,
        is_downloaded_often: false,
    },
    Shipped {
        name: "proxy-wasm",
        files: &["cohort.proxy-wasm.wasm"],
        raw_bytes_max: 403_500,
        brotli_bytes_max: 115_800,
        is_downloaded_often: false,
    },
];

/// Bytes of files as they are and compressed.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub(super) struct Weight {
    raw: u64,
    gzip: u64,
    brotli: u64,
}

impl fmt::Display for Weight {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} {}", self.raw, self.gzip, self.brotli)
    }
}

impl Weight {
    /// The sum of the lines that [`weigh`] printed; nothing if one is not of this form.
    fn sum(lines: &str) -> Option<Self> {
        let mut sum = Self::default();
        for line in lines.lines() {
            let mut numbers = line.split(' ').map(|word| word.parse().ok());
            let [raw, gzip, brotli]: [u64; 3] = [numbers.next()??, numbers.next()??, numbers.next()??];
            sum = Self { raw: sum.raw + raw, gzip: sum.gzip + gzip, brotli: sum.brotli + brotli };
        }
        (sum.raw > 0).then_some(sum)
    }
}

/// Prints a line for each face.
///
/// # Errors
/// [`Fault::OverBudget`] with the names of those that have grown.
pub(super) fn show(project: &Project, tools: &Tools) -> Result<(), Failure> {
    shell::say(format!(
        "\n{:<11} {:>9} {:>9} {:>9}   {:<30} must {} kB",
        "bytes of",
        "raw",
        "gzip",
        "brotli",
        "budget, raw and brotli",
        MUST_BROTLI_BYTES / 1_000
    ));
    let mut over = Vec::new();
    for shipped in SHIPPED {
        let mut command = tools.command(project, super::WEIGH.name);
        let line = shell::line(&command);
        command.args(shipped.files.iter().map(|file| project.dist().join(file)));
        let lines = shell::output(&mut command).and_then(|lines| Weight::sum(&lines));
        let weight = lines.ok_or(Fault::NoSizes { line })?;
        shell::say(shipped.line(weight));
        if !shipped.has_room_for(weight) {
            over.push(shipped.name);
        }
    }
    if over.is_empty() { Ok(()) } else { Err(Fault::OverBudget { names: over }.into()) }
}

impl Shipped {
    fn has_room_for(&self, weight: Weight) -> bool {
        weight.raw <= self.raw_bytes_max && weight.brotli <= self.brotli_bytes_max
    }

    fn line(&self, weight: Weight) -> String {
        let verdict = if self.has_room_for(weight) { "kept" } else { "OVER" };
        let budget = format!("{} {} {verdict}", self.raw_bytes_max, self.brotli_bytes_max);
        let must = match (self.is_downloaded_often, weight.brotli <= MUST_BROTLI_BYTES) {
            (false, _) => "-",
            (true, true) => "met",
            (true, false) => "not met",
        };
        let Weight { raw, gzip, brotli } = weight;
        format!("{:<11} {raw:>9} {gzip:>9} {brotli:>9}   {budget:<30} {must}", self.name)
    }
}

/// Prints the sizes of each file that is named: as it is, with gzip, with brotli, each at its best.
pub(super) fn weigh(_: &Project, mut words: Words) -> Result<(), Failure> {
    while let Some(path) = words.next() {
        let bytes = super::read(path.as_ref())?;
        shell::say(weight(&bytes).map_err(|cause| Failure::Read { path: path.into(), cause })?);
    }
    Ok(())
}

#[cfg(feature = "tools")]
fn weight(bytes: &[u8]) -> std::io::Result<Weight> {
    use std::io::{Read, Write};
    let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    gzip.write_all(bytes)?;
    let gzip = gzip.finish()?.len() as u64;
    let mut brotli = Vec::new();
    // Quality 11 and the largest window: what a server sends that compresses once.
    brotli::CompressorReader::new(bytes, 4_096, 11, 24).read_to_end(&mut brotli)?;
    Ok(Weight { raw: bytes.len() as u64, gzip, brotli: brotli.len() as u64 })
}

#[cfg(not(feature = "tools"))]
fn weight(_: &[u8]) -> std::io::Result<Weight> {
    Err(std::io::Error::other("built without tools; `cargo xtask dist` starts the right program"))
}

#[cfg(test)]
mod tests;
