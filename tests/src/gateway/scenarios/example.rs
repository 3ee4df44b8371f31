//! The example of `wasm/README.md`, as it stands there but for paths and secrets.

use serde_json::Value;

use super::stage::{ORG, Stage, address_of};
use super::{Place, Problem, expect};
use crate::gateway::{Envoy, Setup};

const README: &str = include_str!("../../../../wasm/README.md");
const MARK: &str = "<!-- run by tests/src/gateway/scenarios/example.rs -->\n```json\n";

/// Starts Envoy with the example, and asks once what passes and once what does not.
pub(super) async fn example(place: Place<'_>) -> Result<(), Problem> {
    let stage = Stage::new().await?;
    let (mut entry, mut configuration) = (block(0)?, block(1)?);
    put(&mut configuration, "/server/token", &stage.server.token(ORG, &["edge"])?)?;
    put(&mut configuration, "/keys/0", &stage.server.public_key()?)?;
    put(
        &mut entry,
        "/typed_config/config/vm_config/code/local/filename",
        &place.filter.display().to_string(),
    )?;
    put(&mut entry, "/typed_config/config/configuration/value", &configuration.to_string())?;
    let (upstream, feed) = (stage.upstream.address, address_of(&stage.wire.url)?);
    let folder = &stage.folder.path().join("envoy");
    let filter = Some(&entry);
    let envoy = Envoy::start(&Setup { program: place.envoy, filter, upstream, feed, folder }).await?;
    stage.until(&envoy, ("bob", "GET /docs/7"), "200").await?;
    expect("a document", &stage.ask(&envoy, "ada", "GET /docs/7").await?.told(), "403 no_path")?;
    let invoice = stage.ask(&envoy, "bob", "POST /projects/1/invoices").await?;
    expect("a permission that no role has", &invoice.told(), "403 unknown_permission")
}

/// One of the blocks behind the mark.
fn block(number: usize) -> Result<Value, Problem> {
    let text = README.split(MARK).nth(number + 1).and_then(|rest| Some(rest.split_once("```")?.0));
    let text = text.ok_or_else(|| Problem("wasm/README.md has no such example of the filter".to_owned()))?;
    serde_json::from_str(text).map_err(|cause| Problem(cause.to_string()))
}

/// Puts a text in the place of one that says what belongs there.
fn put(into: &mut Value, pointer: &str, text: &str) -> Result<(), Problem> {
    let place = into.pointer_mut(pointer).filter(|place| place.is_string());
    *place.ok_or_else(|| Problem(format!("the example has no text at {pointer}")))? = Value::from(text);
    Ok(())
}
