//! The address that a request comes from.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::FromRequestParts;
use http::request::Parts;

use super::state::AppState;

/// The other end of the connection, put into each request by the listener.
#[derive(Debug, Clone, Copy)]
pub struct Peer(pub SocketAddr);

/// The client's address: the connection's, or, when that is a configured proxy, the nearest
/// address in `X-Forwarded-For` that is not a proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClientIp(pub IpAddr);

impl FromRequestParts<AppState> for ClientIp {
    type Rejection = std::convert::Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> Result<Self, Self::Rejection> {
        let peer = parts
            .extensions
            .get::<Peer>()
            .map_or(IpAddr::V4(Ipv4Addr::LOCALHOST), |peer| peer.0.ip());
        let forwarded = parts.headers.get_all("x-forwarded-for");
        let hops: Vec<&str> = forwarded
            .iter()
            .filter_map(|value| value.to_str().ok())
            .flat_map(|value| value.split(','))
            .map(str::trim)
            .collect();
        Ok(Self(nearest(peer, &hops, |address| {
            state.config.http.is_proxy(address)
        })))
    }
}

/// Walks from the connection outwards as long as each hop is a proxy that we trust: what is
/// further out, anybody may have written.
fn nearest(peer: IpAddr, hops: &[&str], trusted: impl Fn(IpAddr) -> bool) -> IpAddr {
    let mut address = peer.to_canonical();
    for hop in hops.iter().rev() {
        if !trusted(address) {
            break;
        }
        match hop.parse::<IpAddr>() {
            Ok(next) => address = next.to_canonical(),
            Err(_) => break,
        }
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("valid")
    }

    #[test]
    fn what_a_client_claims_counts_only_behind_a_trusted_proxy() {
        let proxy = |address: IpAddr| address == ip("10.0.0.1");
        let hops = ["6.6.6.6", "192.0.2.9"];
        assert_eq!(nearest(ip("203.0.113.5"), &hops, proxy), ip("203.0.113.5"));
        assert_eq!(nearest(ip("10.0.0.1"), &hops, proxy), ip("192.0.2.9"));
        assert_eq!(
            nearest(ip("::ffff:10.0.0.1"), &hops, proxy),
            ip("192.0.2.9")
        );
        assert_eq!(nearest(ip("10.0.0.1"), &["x"], proxy), ip("10.0.0.1"));
        assert_eq!(nearest(ip("10.0.0.1"), &[], proxy), ip("10.0.0.1"));
    }
}
