//! Where webhooks may go: whoever can make one must not reach, through this server, what only
//! this server reaches.
//!
//! Two questions: whether a URL may be written down ([`Networks::problem`]), and whether an
//! address may be connected to ([`Networks::admit`]). The second is asked of every address at
//! every connection, after the name was resolved, and the address that was asked about is the
//! one that is connected to: a name that points elsewhere a moment later gains nothing.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use url::{Host, Url};

/// Longest URL, in bytes.
const LONGEST: usize = 2_048;

/// IPv4 networks that are no place in the public Internet: RFC 6890 and its updates, and an
/// address by which a cloud's machines reach their host.
const RESERVED_V4: [(Ipv4Addr, u8); 16] = [
    (Ipv4Addr::UNSPECIFIED, 8),
    (Ipv4Addr::new(10, 0, 0, 0), 8),
    (Ipv4Addr::new(100, 64, 0, 0), 10),
    (Ipv4Addr::new(127, 0, 0, 0), 8),
    (Ipv4Addr::new(168, 63, 129, 16), 32),
    (Ipv4Addr::new(169, 254, 0, 0), 16),
    (Ipv4Addr::new(172, 16, 0, 0), 12),
    (Ipv4Addr::new(192, 0, 0, 0), 24),
    (Ipv4Addr::new(192, 0, 2, 0), 24),
    (Ipv4Addr::new(192, 88, 99, 0), 24),
    (Ipv4Addr::new(192, 168, 0, 0), 16),
    (Ipv4Addr::new(198, 18, 0, 0), 15),
    (Ipv4Addr::new(198, 51, 100, 0), 24),
    (Ipv4Addr::new(203, 0, 113, 0), 24),
    (Ipv4Addr::new(224, 0, 0, 0), 4),
    (Ipv4Addr::new(240, 0, 0, 0), 4),
];

/// Networks within `2000::/3`, the public part of IPv6, that are no place in it: protocols
/// (Teredo among them), documentation, 6to4.
const RESERVED_V6: [(Ipv6Addr, u8); 4] = [
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32),
    (Ipv6Addr::new(0x2002, 0, 0, 0, 0, 0, 0, 0), 16),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20),
];

fn within_v4(address: Ipv4Addr, (network, length): (Ipv4Addr, u8)) -> bool {
    let mask = u32::MAX << (32 - length);
    address.to_bits() & mask == network.to_bits()
}

fn within_v6(address: Ipv6Addr, (network, length): (Ipv6Addr, u8)) -> bool {
    let mask = u128::MAX << (128 - length);
    address.to_bits() & mask == network.to_bits()
}

/// An address as what it leads to: IPv4 in an IPv6 form (mapped, or through the well-known
/// NAT64 prefix `64:ff9b::/96`) is IPv4.
fn plain(address: IpAddr) -> IpAddr {
    const NAT64: (Ipv6Addr, u8) = (Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, 0, 0), 96);
    let IpAddr::V6(v6) = address else {
        return address;
    };
    if let Some(v4) = v6.to_ipv4_mapped() {
        return v4.into();
    }
    if within_v6(v6, NAT64) {
        let [.., a, b, c, d] = v6.octets();
        return Ipv4Addr::new(a, b, c, d).into();
    }
    address
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => !RESERVED_V4.iter().any(|network| within_v4(v4, *network)),
        IpAddr::V6(v6) => {
            const PUBLIC: (Ipv6Addr, u8) = (Ipv6Addr::new(0x2000, 0, 0, 0, 0, 0, 0, 0), 3);
            within_v6(v6, PUBLIC) && !RESERVED_V6.iter().any(|network| within_v6(v6, *network))
        }
    }
}

/// The networks beside the public Internet that webhooks may go to, as IT has listed them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Networks(pub Vec<IpNet>);

impl Networks {
    fn lists(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// Whether a webhook may connect to this address. Without TLS: only where IT has said so.
    #[must_use]
    pub fn admit(&self, address: IpAddr, tls: bool) -> bool {
        let address = plain(address);
        self.lists(address) || (tls && is_public(address))
    }

    /// What is wrong with a URL, if anything is. A name is not resolved here: what it leads to is
    /// asked at each connection.
    #[must_use]
    pub fn problem(&self, url: &str) -> Option<&'static str> {
        const PLAIN: &str = "must begin with https://";
        if url.len() > LONGEST {
            return Some("must have at most 2048 characters");
        }
        let Ok(url) = Url::parse(url) else {
            return Some("must be an address such as https://hooks.example.org/workpulse");
        };
        let tls = match url.scheme() {
            "https" => true,
            "http" if !self.0.is_empty() => false,
            _ => return Some(PLAIN),
        };
        if !url.username().is_empty() || url.password().is_some() {
            return Some("must not hold a user or a password: messages are signed instead");
        }
        if url.fragment().is_some() {
            return Some("must not hold a fragment (#…): it is never sent");
        }
        let ordinary = if tls { 443 } else { 80 };
        let port = url.port_or_known_default().unwrap_or(ordinary);
        if port != ordinary && port < 1_024 {
            return Some("must have its scheme's own port, or one from 1024 on");
        }
        let literal = match url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::from(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::from(address)),
            Some(Host::Domain(name)) if name.trim_end_matches('.').is_empty() => {
                return Some("must name a host");
            }
            Some(Host::Domain(_)) => None,
            None => return Some("must name a host"),
        };
        literal.filter(|address| !self.admit(*address, tls)).map(|_| {
            "must lead to the public Internet: other networks are for IT to list (webhook_networks)"
        })
    }
}

/// The address that a URL holds instead of a name.
#[must_use]
pub fn literal(url: &Url) -> Option<IpAddr> {
    match url.host()? {
        Host::Ipv4(address) => Some(address.into()),
        Host::Ipv6(address) => Some(address.into()),
        Host::Domain(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn address(text: &str) -> IpAddr {
        text.parse().expect(text)
    }

    #[test]
    fn what_only_this_server_reaches_is_refused_in_every_form() {
        let none = Networks::default();
        for inner in [
            "127.0.0.1",
            "127.255.255.254",
            "0.0.0.0",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "100.64.0.1",
            "100.100.100.200",
            "168.63.129.16",
            "169.254.169.254",
            "192.0.0.192",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::1",
            "3fff::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
            "100::1",
        ] {
            assert!(!none.admit(address(inner), true), "{inner}");
        }
        for public in [
            "93.184.216.34",
            "172.32.0.1",
            "100.128.0.1",
            "169.253.0.1",
            "::ffff:93.184.216.34",
            "64:ff9b::5db8:d822",
            "2606:4700::1111",
            "2001:4860:4860::8888",
        ] {
            assert!(none.admit(address(public), true), "{public}");
            assert!(!none.admit(address(public), false), "{public} without TLS");
        }
    }

    #[test]
    fn it_may_list_networks_and_nothing_else_is_opened_by_it() {
        let listed = Networks(vec!["10.8.0.0/16".parse().expect("a network")]);
        for tls in [true, false] {
            assert!(listed.admit(address("10.8.3.4"), tls));
            assert!(listed.admit(address("::ffff:10.8.3.4"), tls));
            assert!(!listed.admit(address("10.9.3.4"), tls));
            assert!(!listed.admit(address("127.0.0.1"), tls));
        }
    }

    #[test]
    fn a_url_that_cannot_be_is_refused_before_it_is_written_down() {
        let none = Networks::default();
        for bad in [
            "",
            "hooks.example.org",
            "http://hooks.example.org/",
            "ftp://hooks.example.org/",
            "file:///etc/passwd",
            "https://",
            "https://user@hooks.example.org/",
            "https://user:password@hooks.example.org/",
            "https://hooks.example.org/#there",
            "https://hooks.example.org:22/",
            "https://hooks.example.org:80/",
            "https://127.0.0.1/",
            "https://2130706433/",
            "https://0x7f.1/",
            "https://0177.0.0.1/",
            "https://127.1/",
            "https://[::1]/",
            "https://[::ffff:10.0.0.1]/",
            "https://169.254.169.254/latest/meta-data/",
        ] {
            assert!(none.problem(bad).is_some(), "{bad}");
        }
        let long = format!("https://hooks.example.org/{}", "a".repeat(LONGEST));
        assert!(none.problem(&long).is_some());
        for good in [
            "https://hooks.example.org/workpulse?team=1",
            "https://hooks.example.org:8443/",
            "https://93.184.216.34/",
        ] {
            assert_eq!(none.problem(good), None, "{good}");
        }
        let listed = Networks(vec!["127.0.0.0/8".parse().expect("a network")]);
        assert_eq!(listed.problem("http://127.0.0.1:4000/hook"), None);
        assert!(listed.problem("http://10.0.0.1:4000/hook").is_some());
    }

    proptest! {
        #[test]
        fn an_address_and_its_ipv6_forms_are_judged_alike(bits: u32) {
            let v4 = Ipv4Addr::from_bits(bits);
            let none = Networks::default();
            let plain = none.admit(v4.into(), true);
            prop_assert_eq!(none.admit(v4.to_ipv6_mapped().into(), true), plain);
            let nat64 = Ipv6Addr::from_bits((0x0064_ff9b_u128 << 96) | u128::from(bits));
            prop_assert_eq!(none.admit(nat64.into(), true), plain);
            // The older way to write it, which leads nowhere.
            prop_assert!(!none.admit(Ipv6Addr::from_bits(u128::from(bits)).into(), true));
        }

        #[test]
        fn no_text_makes_it_panic(text in "\\PC{0,80}") {
            let _ = Networks::default().problem(&text);
            let _ = Networks::default().problem(&format!("https://{text}"));
        }
    }
}
