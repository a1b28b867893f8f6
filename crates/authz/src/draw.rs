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

    /// A short code that two people compare: eight characters without those that look alike, in two groups.
    pub fn spoken(&mut self) -> String {
        const LETTERS: &[u8; 32] = b"23456789ABCDEFGHJKLMNPQRSTUVWXYZ";
        let letters = self.bytes().into_iter().take(8).filter_map(|byte| LETTERS.get(usize::from(byte & 31)));
        let mut spoken: String = letters.map(|letter| char::from(*letter)).collect();
        spoken.insert(4, '-');
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
    fn a_spoken_code_has_two_groups_of_four() {
        let spoken = Draw::new(Secret::new([9; 32])).spoken();
        assert_eq!(spoken.len(), 9);
        assert!(spoken.split('-').all(|group| group.len() == 4), "{spoken}");
    }
}
