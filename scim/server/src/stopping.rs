//! The one signal that ends everything that only waits.

use tokio::sync::watch;

/// Tells every [`Stopping`] to end.
#[derive(Debug)]
pub(crate) struct Stop(watch::Sender<bool>);

/// Whether the server is stopping.
#[derive(Debug, Clone)]
pub(crate) struct Stopping(watch::Receiver<bool>);

/// A signal that was not given yet.
pub(crate) fn signal() -> (Stop, Stopping) {
    let (stop, stopping) = watch::channel(false);
    (Stop(stop), Stopping(stopping))
}

impl Stop {
    /// Gives the signal.
    pub(crate) fn now(&self) {
        self.0.send_replace(true);
    }
}

impl Stopping {
    /// Returns when the signal is given, or nobody is left to give it.
    pub(crate) async fn begun(&mut self) {
        let _ = self.0.wait_for(|stopping| *stopping).await;
    }
}
