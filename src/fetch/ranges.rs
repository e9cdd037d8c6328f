//! IP address → why it is not public. The tables are the IANA special-purpose address registries for IPv4 and IPv6
//! (RFC 6890 and its updates), with multicast and what is not global unicast.
//!
//! Invariant: an IPv6 address that carries an IPv4 address is at most as public as the one inside.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Address, prefix length, what the range is for.
type Range4 = (Ipv4Addr, u32, &'static str);
/// Address, prefix length, what the range is for.
type Range6 = (Ipv6Addr, u32, &'static str);

/// The range that local proxies give out instead of real addresses, so that its refusal deserves its own advice.
pub(super) const BENCHMARK: &str = "benchmarking, 198.18.0.0/15";

const V4: &[Range4] = &[
    (Ipv4Addr::new(0, 0, 0, 0), 8, "this network, 0.0.0.0/8"),
    (Ipv4Addr::new(10, 0, 0, 0), 8, "private, 10.0.0.0/8"),
    (Ipv4Addr::new(100, 64, 0, 0), 10, "shared by carriers, 100.64.0.0/10"),
    (Ipv4Addr::new(127, 0, 0, 0), 8, "this machine, 127.0.0.0/8"),
    (Ipv4Addr::new(169, 254, 0, 0), 16, "link-local, 169.254.0.0/16"),
    (Ipv4Addr::new(172, 16, 0, 0), 12, "private, 172.16.0.0/12"),
    (Ipv4Addr::new(192, 0, 0, 0), 24, "protocol assignments, 192.0.0.0/24"),
    (Ipv4Addr::new(192, 0, 2, 0), 24, "documentation, 192.0.2.0/24"),
    (Ipv4Addr::new(192, 31, 196, 0), 24, "AS112, 192.31.196.0/24"),
    (Ipv4Addr::new(192, 52, 193, 0), 24, "AMT, 192.52.193.0/24"),
    (Ipv4Addr::new(192, 88, 99, 0), 24, "6to4 relays, 192.88.99.0/24"),
    (Ipv4Addr::new(192, 168, 0, 0), 16, "private, 192.168.0.0/16"),
    (Ipv4Addr::new(192, 175, 48, 0), 24, "AS112, 192.175.48.0/24"),
    (Ipv4Addr::new(198, 18, 0, 0), 15, BENCHMARK),
    (Ipv4Addr::new(198, 51, 100, 0), 24, "documentation, 198.51.100.0/24"),
    (Ipv4Addr::new(203, 0, 113, 0), 24, "documentation, 203.0.113.0/24"),
    (Ipv4Addr::new(224, 0, 0, 0), 4, "multicast, 224.0.0.0/4"),
    (Ipv4Addr::new(240, 0, 0, 0), 4, "reserved, 240.0.0.0/4"),
];

const V6: &[Range6] = &[
    (Ipv6Addr::LOCALHOST, 128, "this machine, ::1"),
    (Ipv6Addr::UNSPECIFIED, 128, "unspecified, ::"),
    (Ipv6Addr::UNSPECIFIED, 96, "IPv4-compatible, ::/96"),
    (Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, 0, 0), 48, "local NAT64, 64:ff9b:1::/48"),
    (Ipv6Addr::new(0x100, 0, 0, 0, 0, 0, 0, 0), 64, "discard, 100::/64"),
    (Ipv6Addr::new(0x100, 0, 0, 1, 0, 0, 0, 0), 64, "dummy, 100:0:0:1::/64"),
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 32, "Teredo, 2001::/32"),
    (Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, 0, 0), 23, "protocol assignments, 2001::/23"),
    (Ipv6Addr::new(0x2001, 0xdb8, 0, 0, 0, 0, 0, 0), 32, "documentation, 2001:db8::/32"),
    (Ipv6Addr::new(0x2620, 0x4f, 0x8000, 0, 0, 0, 0, 0), 48, "AS112, 2620:4f:8000::/48"),
    (Ipv6Addr::new(0x3fff, 0, 0, 0, 0, 0, 0, 0), 20, "documentation, 3fff::/20"),
    (Ipv6Addr::new(0x5f00, 0, 0, 0, 0, 0, 0, 0), 16, "segment routing, 5f00::/16"),
    (Ipv6Addr::new(0xfc00, 0, 0, 0, 0, 0, 0, 0), 7, "private, fc00::/7"),
    (Ipv6Addr::new(0xfe80, 0, 0, 0, 0, 0, 0, 0), 10, "link-local, fe80::/10"),
    (Ipv6Addr::new(0xfec0, 0, 0, 0, 0, 0, 0, 0), 10, "site-local, fec0::/10"),
    (Ipv6Addr::new(0xff00, 0, 0, 0, 0, 0, 0, 0), 8, "multicast, ff00::/8"),
];

/// What `address` is for, where it is not a public one.
pub(super) fn special(address: IpAddr) -> Option<&'static str> {
    match address {
        IpAddr::V4(v4) => special4(v4),
        IpAddr::V6(v6) => match inner(v6) {
            Some(v4) => special4(v4),
            None => special6(v6),
        },
    }
}

/// The IPv4 address that `v6` stands for: mapped (RFC 4291), NAT64 (RFC 6052), 6to4 (RFC 3056).
///
/// Teredo, IPv4-compatible and local NAT64 addresses carry one too; those ranges are refused as a whole.
pub(super) fn inner(v6: Ipv6Addr) -> Option<Ipv4Addr> {
    let low = || Ipv4Addr::from_bits((v6.to_bits() & 0xffff_ffff) as u32);
    match v6.segments() {
        [0, 0, 0, 0, 0, 0xffff, _, _] | [0x64, 0xff9b, 0, 0, 0, 0, _, _] => Some(low()),
        [0x2002, ..] => Some(Ipv4Addr::from_bits(((v6.to_bits() >> 80) & 0xffff_ffff) as u32)),
        _ => None,
    }
}

fn special4(v4: Ipv4Addr) -> Option<&'static str> {
    let bits = v4.to_bits();
    V4.iter().find(|(net, length, _)| (bits ^ net.to_bits()).leading_zeros() >= *length).map(|(_, _, what)| *what)
}

fn special6(v6: Ipv6Addr) -> Option<&'static str> {
    let bits = v6.to_bits();
    let listed = V6.iter().find(|(net, length, _)| (bits ^ net.to_bits()).leading_zeros() >= *length);
    // All global unicast addresses that were ever assigned are in 2000::/3 (RFC 4291, section 2.4, and IANA's table).
    let outside = || (bits >> 125 != 1).then_some("not global unicast (2000::/3)");
    listed.map(|(_, _, what)| *what).or_else(outside)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(text: &str) -> Option<&'static str> {
        special(text.parse().unwrap())
    }

    #[test]
    fn both_ends_of_every_range_are_refused_and_their_neighbours_judged_alone() {
        for (net, length, what) in V4 {
            let last = Ipv4Addr::from_bits(net.to_bits() | (u32::MAX.checked_shr(*length).unwrap_or(0)));
            assert_eq!(special4(*net), Some(*what));
            assert_eq!(special4(last), Some(*what));
        }
        for (net, length, _) in V6 {
            let last = Ipv6Addr::from_bits(net.to_bits() | (u128::MAX.checked_shr(*length).unwrap_or(0)));
            assert!(special6(*net).is_some() && special6(last).is_some(), "{net}/{length}");
        }
        for public in [
            "1.0.0.1",
            "9.255.255.255",
            "11.0.0.0",
            "100.63.255.255",
            "100.128.0.0",
            "172.15.255.255",
            "172.32.0.0",
            "198.17.255.255",
            "198.20.0.0",
            "223.255.255.255",
            "2606:4700::1",
            "2001:200::1",
            "2400::1",
        ] {
            assert_eq!(of(public), None, "{public}");
        }
    }

    /// By name, so that no line of the tables can go unseen, even where another line or rule covers it.
    #[test]
    fn every_range_is_refused_for_what_it_is() {
        for (address, words) in [
            ("0.1.2.3", "this network"),
            ("10.1.2.3", "private"),
            ("100.64.1.1", "shared"),
            ("127.0.0.1", "this machine"),
            ("169.254.169.254", "link-local"),
            ("172.16.0.1", "private"),
            ("192.0.0.1", "protocol"),
            ("192.0.2.1", "documentation"),
            ("192.31.196.1", "AS112"),
            ("192.52.193.1", "AMT"),
            ("192.88.99.1", "6to4"),
            ("192.168.1.1", "private"),
            ("192.175.48.1", "AS112"),
            ("198.18.0.1", BENCHMARK),
            ("198.51.100.1", "documentation"),
            ("203.0.113.1", "documentation"),
            ("224.0.0.1", "multicast"),
            ("255.255.255.255", "reserved"),
            ("::1", "this machine"),
            ("::", "unspecified"),
            ("::8.8.8.8", "IPv4-compatible"),
            ("64:ff9b:1::1", "local NAT64"),
            ("100::1", "discard"),
            ("100:0:0:1::1", "dummy"),
            ("2001::1", "Teredo"),
            ("2001:1::1", "protocol"),
            ("2001:db8::1", "documentation"),
            ("2620:4f:8000::1", "AS112"),
            ("3fff::1", "documentation"),
            ("5f00::1", "segment routing"),
            ("fd00::1", "private"),
            ("fe80::1", "link-local"),
            ("fec0::1", "site-local"),
            ("ff02::1", "multicast"),
            ("4000::1", "not global unicast"),
        ] {
            assert!(of(address).is_some_and(|range| range.starts_with(words)), "{address}: {:?}", of(address));
        }
        assert_eq!(V4.len() + V6.len(), 34, "a new range needs a line above");
    }

    #[test]
    fn an_address_inside_another_is_judged_too() {
        for carried in
            ["::ffff:127.0.0.1", "::127.0.0.1", "64:ff9b::10.0.0.1", "64:ff9b:1::8.8.8.8", "2002:7f00:1::", "2001::1"]
        {
            assert!(of(carried).is_some(), "{carried}");
        }
        for public in ["::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:808:808::1"] {
            assert_eq!(of(public), None, "{public}");
        }
    }
}
