//! Opening the socket ourselves: a name may have several addresses of which one is dead, and a peer behind NAT may vanish
//! without a word. Each address gets its own deadline, and the kernel probes a silent peer (60 s, then 3 times 20 s).
use super::{Server, Tls};
use rustix::net::sockopt;
use std::net::{IpAddr, SocketAddr};
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::time::timeout;

const PER_ADDRESS: Duration = Duration::from_secs(10);
const LOOK_UP: Duration = Duration::from_secs(15);

#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    #[error("the name {host} was not found ({why})")]
    Name { host: String, why: String },
    #[error("no connection to {server} ({why})")]
    Refused { server: String, why: String },
    #[error(
        "`tls = \"none\"` is allowed only to this machine, and {host} is at {address}: use \"implicit\" or \"starttls\""
    )]
    ClearText { host: String, address: IpAddr },
}

/// A connected socket with keep-alive and without Nagle's delay. `Tls::None` reaches loopback addresses only.
pub async fn connect(server: &Server) -> Result<TcpStream, ConnectError> {
    let refused = |why: String| ConnectError::Refused { server: server.to_string(), why };
    let mut why = "it has no address".to_owned();
    for address in addresses(server).await? {
        if server.tls == Tls::None && !address.ip().to_canonical().is_loopback() {
            return Err(ConnectError::ClearText { host: server.host.clone(), address: address.ip() });
        }
        match timeout(PER_ADDRESS, TcpStream::connect(address)).await {
            Ok(Ok(tcp)) => return keep_alive(&tcp).map(|()| tcp).map_err(|e| refused(e.to_string())),
            Ok(Err(e)) => why = e.to_string(),
            Err(_) => why = format!("{} did not answer within {} s", address.ip(), PER_ADDRESS.as_secs()),
        }
    }
    Err(refused(why))
}

async fn addresses(server: &Server) -> Result<Vec<SocketAddr>, ConnectError> {
    let not_found = |why: String| ConnectError::Name { host: server.host.clone(), why };
    match timeout(LOOK_UP, tokio::net::lookup_host((server.host.as_str(), server.port))).await {
        Ok(Ok(found)) => Ok(found.collect()),
        Ok(Err(e)) => Err(not_found(e.to_string())),
        Err(_) => Err(not_found(format!("no answer within {} s", LOOK_UP.as_secs()))),
    }
}

fn keep_alive(tcp: &TcpStream) -> std::io::Result<()> {
    tcp.set_nodelay(true)?;
    sockopt::set_socket_keepalive(tcp, true)?;
    sockopt::set_tcp_keepidle(tcp, Duration::from_secs(60))?;
    sockopt::set_tcp_keepintvl(tcp, Duration::from_secs(20))?;
    sockopt::set_tcp_keepcnt(tcp, 3)?;
    Ok(())
}
