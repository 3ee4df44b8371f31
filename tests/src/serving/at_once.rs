//! Many who create users at the same time: how many a second are on disk, and what each costs.

use std::time::Instant;

use tokio::task::JoinSet;

use super::fill::{self, Filled};
use super::report::{AtOnce, Row};
use super::rows::Cost;
use super::{Place, text, told};
use crate::client::Client;
use crate::failure::Failure;

/// Connections, each with a token of its own.
pub(super) const CONNECTIONS: usize = 64;
/// Users that each of them creates, one after the other.
const EACH: usize = 60;

/// Measures creates over [`CONNECTIONS`] connections; the users go again.
pub(super) async fn measure(place: &Place, filled: &Filled) -> Result<(Row, AtOnce), Failure> {
    let from = filled.users.len() + filled.newcomers.len();
    let clients = place.clients(CONNECTIONS)?;
    let (mut cost, mut made, mut seconds) = (Cost::new(), Vec::new(), 0.0);
    let sample = async {
        let begun = Instant::now();
        let mut waiting = JoinSet::new();
        for (number, client) in clients.into_iter().enumerate() {
            let _handle = waiting.spawn(create(client, from + number * EACH));
        }
        while let Some(ids) = waiting.join_next().await {
            made.extend(ids.map_err(|cause| super::said(cause.to_string()))??);
        }
        seconds = begun.elapsed().as_secs_f64();
        Ok(made.len())
    };
    let created = cost.add(&place.meter, sample).await?;
    for user in &made {
        place.client.delete(&format!("/Users/{user}")).await?;
    }
    let row = told(place, filled, cost.row(format!("create a user, over {CONNECTIONS} connections at once")));
    Ok((row, AtOnce { created, seconds }))
}

async fn create(client: Client, from: usize) -> Result<Vec<String>, Failure> {
    let mut ids = Vec::with_capacity(EACH);
    for number in from..from + EACH {
        let user = client.post("/Users", &fill::user(number, "Engineer")).await?;
        ids.push(text(&user, "id").to_owned());
    }
    Ok(ids)
}
