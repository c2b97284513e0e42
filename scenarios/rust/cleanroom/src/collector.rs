//! What takes the reports of environments, over TCP. It does not answer each of them.

use std::io;
use std::net::SocketAddr;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

#[derive(Clone, Copy)]
pub struct Collector(SocketAddr);

const ANSWERED: u8 = 1;
const STALLED: u8 = 0;

pub async fn start() -> io::Result<Collector> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    tokio::spawn(async move {
        while let Ok((connection, _)) = listener.accept().await {
            tokio::spawn(take(connection));
        }
    });
    Ok(Collector(address))
}

/// Until the environment closes the connection.
async fn take(mut connection: TcpStream) -> io::Result<()> {
    let mut report = [0; 8];
    while connection.read_exact(&mut report).await.is_ok() {
        if report[0] == ANSWERED {
            connection.write_all(b"!").await?;
        }
    }
    Ok(())
}

impl Collector {
    /// Hands in a report and waits for the answer.
    pub async fn hand_in(self, stalls: bool) -> io::Result<u8> {
        let mut connection = TcpStream::connect(self.0).await?;
        let mut report = [0; 8];
        report[0] = if stalls { STALLED } else { ANSWERED };
        connection.write_all(&report).await?;
        connection.read_u8().await
    }
}
