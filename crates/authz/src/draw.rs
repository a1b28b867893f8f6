use crypto::b64u;
use types::Secret;

/// Random values of one step, all from one seed of the operating system: value `n` is HMAC-SHA-256 of `n` under the seed.
#[derive(Debug)]
pub struct Draw {
    seed: Secret<[u8; 32]>,
    drawn: u64,
}

impl Draw {
    /// From 32 random bytes, used for one step only.
    pub fn new(seed: Secret<[u8; 32]>) -> Self {
        Self { seed, drawn: 0 }
    }

    /// 256 bits.
    pub fn bytes(&mut self) -> [u8; 32] {
        self.drawn = self.drawn.wrapping_add(1);
        crypto::hmac_sha256(self.seed.expose(), &self.drawn.to_be_bytes())
    }

    /// 128 bits, for an id.
    pub fn id(&mut self) -> [u8; 16] {
        let mut id = [0; 16];
        id.iter_mut().zip(self.bytes()).for_each(|(to, from)| *to = from);
        id
    }

    /// 256 bits in 43 characters of base64url: a code, a ticket, a token.
    pub fn text(&mut self) -> Secret<String> {
        Secret::new(b64u::encode(&self.bytes()))
    }

    /// A short code that two people compare: three consonants, a hyphen, three digits. The place tells a letter from a
    /// digit, and no word can arise. It tells two windows apart and is no secret.
    pub fn spoken(&mut self) -> String {
        const CONSONANTS: &[u8; 20] = b"BCDFGHJKLMNPQRSTVWXZ";
        let mut spoken = String::with_capacity(7);
        for (at, byte) in self.bytes().into_iter().take(6).enumerate() {
            if at == 3 {
                spoken.push('-');
            }
            let sign = if at < 3 { CONSONANTS.get(usize::from(byte) % 20).copied() } else { Some(b'0' + byte % 10) };
            spoken.extend(sign.map(char::from));
        }
        spoken
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_differ_and_follow_from_the_seed() {
        let draw = || Draw::new(Secret::new([7; 32]));
        let (mut one, mut two) = (draw(), draw());
        let first = one.text();
        assert_eq!(first.expose(), two.text().expose());
        assert_ne!(first.expose(), two.text().expose());
        assert_eq!(first.expose().len(), 43);
    }

    #[test]
    fn a_spoken_code_is_three_consonants_and_three_digits() {
        for seed in 0..50 {
            let spoken = Draw::new(Secret::new([seed; 32])).spoken();
            let (letters, digits) = spoken.split_once('-').unwrap();
            assert!(letters.len() == 3 && letters.bytes().all(|b| b.is_ascii_uppercase() && !b"AEIOUY".contains(&b)));
            assert!(digits.len() == 3 && digits.bytes().all(|b| b.is_ascii_digit()), "{spoken}");
        }
    }
}
