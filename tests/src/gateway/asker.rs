//! A client that sends paths as they are: the usual ones repair them first.

use std::net::SocketAddr;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::failure::{Failure, io};
use crate::program::PATIENCE;

/// One connection to the gateway, kept open.
#[derive(Debug)]
pub struct Asker {
    stream: BufReader<TcpStream>,
}

/// An answer.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Reply {
    /// The status.
    pub status: u16,
    /// Names in small letters, and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: String,
}

impl Reply {
    /// The value of a header; empty without one.
    #[must_use]
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(one, _)| one == name).map_or("", |(_, value)| value)
    }

    /// Status and reason: `403 no_path`.
    #[must_use]
    pub fn told(&self) -> String {
        format!("{} {}", self.status, self.header("x-cohort-reason")).trim_end().to_owned()
    }
}

impl Asker {
    /// Connects to the gateway.
    ///
    /// # Errors
    /// [`Failure::Io`] when nobody listens there.
    pub async fn connect(address: SocketAddr) -> Result<Self, Failure> {
        let stream = TcpStream::connect(address).await.map_err(io("connecting to the gateway"))?;
        stream.set_nodelay(true).map_err(io("connecting to the gateway"))?;
        Ok(Self { stream: BufReader::new(stream) })
    }

    /// Sends `method target` with more header lines, each ending in CRLF, and reads the answer.
    ///
    /// # Errors
    /// [`Failure::Io`] when the connection breaks, [`Failure::Late`] when no answer comes.
    pub async fn send(&mut self, method: &str, target: &str, more: &str) -> Result<Reply, Failure> {
        let late = |_| Failure::Late { waited_for: format!("an answer to {method} {target}") };
        timeout(PATIENCE, self.sent(method, target, more))
            .await
            .map_err(late)?
            .map_err(io("asking the gateway"))
    }

    /// The same with a token.
    ///
    /// # Errors
    /// As [`Asker::send`].
    pub async fn ask(&mut self, method: &str, target: &str, token: &str) -> Result<Reply, Failure> {
        self.send(method, target, &format!("authorization: Bearer {token}\r\n")).await
    }

    async fn sent(&mut self, method: &str, target: &str, more: &str) -> std::io::Result<Reply> {
        let request =
            format!("{method} {target} HTTP/1.1\r\nhost: app.example\r\ncontent-length: 0\r\n{more}\r\n");
        self.stream.get_mut().write_all(request.as_bytes()).await?;
        let mut reply = Reply::default();
        let mut line = String::new();
        self.stream.read_line(&mut line).await?;
        reply.status = line.split(' ').nth(1).and_then(|word| word.parse().ok()).unwrap_or(0);
        loop {
            line.clear();
            self.stream.read_line(&mut line).await?;
            let Some((name, value)) = line.trim_end().split_once(": ") else { break };
            reply.headers.push((name.to_ascii_lowercase(), value.to_owned()));
        }
        let length = reply.header("content-length").parse().unwrap_or(0);
        let mut body = vec![0; if method == "HEAD" { 0 } else { length }];
        self.stream.read_exact(&mut body).await?;
        reply.body = String::from_utf8_lossy(&body).into_owned();
        Ok(reply)
    }
}
