//! Where messages may go. An address that somebody registers must not lead into our own network.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use url::{Host, Url};

/// What an operator lets addresses be, beyond public ones under https.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DoorRules {
    /// Also `http`, and also to this machine: for tests and for receivers beside us.
    pub allow_loopback: bool,
    /// Also addresses of private networks.
    pub allow_private: bool,
}

/// Why an address is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AddressRefused {
    /// No address, or one longer than 500 characters.
    #[error("door.refused.url-form")]
    Form,
    /// Not under https.
    #[error("door.refused.url-https")]
    Https,
    /// It carries a user's name or password.
    #[error("door.refused.url-user")]
    User,
    /// It leads to this machine or into a private network.
    #[error("door.refused.url-inside")]
    Inside,
}

/// Longest address.
const URL_MAX: usize = 500;

/// The address that `text` names, if messages may go there. What a name leads to is looked at again whenever one is sent.
pub fn check_address(text: &str, rules: DoorRules) -> Result<Url, AddressRefused> {
    if text.len() > URL_MAX || text.chars().any(char::is_whitespace) {
        return Err(AddressRefused::Form);
    }
    let url = Url::parse(text).map_err(|_| AddressRefused::Form)?;
    let (ip, local) = match url.host() {
        Some(Host::Domain(name)) => {
            let name = name.trim_end_matches('.');
            (None, name == "localhost" || name.ends_with(".localhost"))
        }
        Some(Host::Ipv4(ip)) => (Some(IpAddr::V4(ip)), ip.is_loopback()),
        Some(Host::Ipv6(ip)) => (Some(IpAddr::V6(ip)), ip.is_loopback()),
        None => return Err(AddressRefused::Form),
    };
    match url.scheme() {
        "https" => {}
        "http" if local && rules.allow_loopback => {}
        _ => return Err(AddressRefused::Https),
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err(AddressRefused::User);
    }
    let inside = match ip {
        Some(ip) => !may_be_reached(ip, rules),
        None => local && !rules.allow_loopback,
    };
    if inside { Err(AddressRefused::Inside) } else { Ok(url) }
}

/// Whether messages may go to `ip`.
pub fn may_be_reached(ip: IpAddr, rules: DoorRules) -> bool {
    match ip {
        IpAddr::V4(ip) => v4(ip, rules),
        // An address of the other kind inside this one is held to the same rules.
        IpAddr::V6(ip) => match embedded(ip) {
            Some(inner) => v4(inner, rules),
            None => v6(ip, rules),
        },
    }
}

fn v4(ip: Ipv4Addr, rules: DoorRules) -> bool {
    let [a, b, c, _] = ip.octets();
    if ip.is_loopback() {
        return rules.allow_loopback;
    }
    // 100.64/10 is shared by carriers, and by machines of clouds among themselves.
    if ip.is_private() || (a == 100 && b & 0xc0 == 64) {
        return rules.allow_private;
    }
    let special = a == 0
        || a >= 224
        || ip.is_link_local()
        || ip.is_documentation()
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && b & 0xfe == 18);
    !special
}

fn v6(ip: Ipv6Addr, rules: DoorRules) -> bool {
    if ip.is_loopback() {
        return rules.allow_loopback;
    }
    let first = ip.segments()[0];
    // fc00::/7 is for private networks, fe80::/10 for one link; what is public begins with 2 or 3.
    if first & 0xfe00 == 0xfc00 {
        return rules.allow_private;
    }
    first & 0xe000 == 0x2000 && !(first == 0x2001 && ip.segments()[1] == 0x0db8)
}

/// The address inside `::ffff:a.b.c.d`, `64:ff9b::a.b.c.d`, `2002:aabb:ccdd::` and, as deprecated as it is, `::a.b.c.d`.
fn embedded(ip: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = ip.segments();
    let of = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    match [a, b, c, d, e, f] {
        [0, 0, 0, 0, 0, 0xffff] | [0x64, 0xff9b, 0, 0, 0, 0] => Some(of(g, h)),
        [0, 0, 0, 0, 0, 0] if g != 0 => Some(of(g, h)),
        [0x2002, ..] => Some(of(b, c)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STRICT: DoorRules = DoorRules { allow_loopback: false, allow_private: false };

    #[test]
    fn an_address_is_public_and_under_https() {
        let loopback = DoorRules { allow_loopback: true, ..STRICT };
        let private = DoorRules { allow_private: true, ..STRICT };
        use AddressRefused::*;
        for (text, rules, told) in [
            ("https://hooks.example.com/anpei?x=1", STRICT, Ok(())),
            ("https://203.0.114.9/", STRICT, Ok(())),
            ("http://hooks.example.com/", STRICT, Err(Https)),
            ("http://hooks.example.com/", loopback, Err(Https)),
            ("ftp://hooks.example.com/", loopback, Err(Https)),
            ("hooks.example.com", STRICT, Err(Form)),
            ("https://", STRICT, Err(Form)),
            ("https://a b/", STRICT, Err(Form)),
            ("https://me:secret@hooks.example.com/", STRICT, Err(User)),
            ("https://localhost/", STRICT, Err(Inside)),
            ("https://LOCALHOST./", STRICT, Err(Inside)),
            ("https://a.localhost:8443/", STRICT, Err(Inside)),
            ("https://127.0.0.1/", STRICT, Err(Inside)),
            // As browsers read them, all of these are 127.0.0.1.
            ("https://2130706433/", STRICT, Err(Inside)),
            ("https://0x7f.1/", STRICT, Err(Inside)),
            ("https://[::1]/", STRICT, Err(Inside)),
            ("https://[::ffff:127.0.0.1]/", STRICT, Err(Inside)),
            ("https://10.1.2.3/", STRICT, Err(Inside)),
            ("https://10.1.2.3/", private, Ok(())),
            ("https://169.254.169.254/latest/meta-data", private, Err(Inside)),
            ("http://127.0.0.1:9000/hook", loopback, Ok(())),
            ("http://localhost:9000/hook", loopback, Ok(())),
            ("http://10.1.2.3/", loopback, Err(Https)),
        ] {
            assert_eq!(check_address(text, rules).map(|_| ()), told, "{text} under {rules:?}");
        }
        assert_eq!(check_address(&format!("https://a.example/{}", "x".repeat(500)), STRICT), Err(Form));
    }

    #[test]
    fn no_address_inside_can_be_reached_by_any_way_of_writing_it() {
        for ip in [
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "127.8.8.8",
            "169.254.169.254",
            "172.16.0.1",
            "192.168.1.1",
            "192.0.0.8",
            "192.0.2.1",
            "198.18.0.1",
            "198.51.100.1",
            "224.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "fe80::1",
            "fc00::1",
            "fd12::1",
            "ff02::1",
            "::ffff:10.0.0.1",
            "::ffff:169.254.169.254",
            "64:ff9b::10.0.0.1",
            "2002:0a00:0001::",
            "::10.0.0.1",
            "2001:db8::1",
        ] {
            assert!(!may_be_reached(ip.parse().unwrap(), STRICT), "{ip}");
        }
        for ip in ["1.1.1.1", "203.0.114.9", "2606:4700::1111", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1"] {
            assert!(may_be_reached(ip.parse().unwrap(), STRICT), "{ip}");
        }
    }
}
