//! Randomness, injected like time: keys, Message-IDs, jitter.
use ring::rand::{SecureRandom as _, SystemRandom};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

/// Where random bytes come from.
#[derive(Debug, Clone)]
pub enum Chance {
    System,
    /// The demo and tests: the same bytes each time. Never for secrets.
    Seeded(Arc<AtomicU64>),
}

impl Chance {
    #[must_use]
    pub fn seeded(seed: u64) -> Chance {
        Chance::Seeded(Arc::new(AtomicU64::new(seed)))
    }

    pub fn fill(&self, out: &mut [u8]) {
        match self {
            Chance::System => {
                // The system's generator fails only where nothing else works either; zeros would be a silent weakness.
                if SystemRandom::new().fill(out).is_err() {
                    tracing::error!("the system gives no random bytes");
                    std::process::abort();
                }
            }
            Chance::Seeded(state) => {
                for byte in out {
                    // SplitMix64
                    let mut z =
                        state.fetch_add(0x9E37_79B9_7F4A_7C15, Ordering::Relaxed).wrapping_add(0x9E37_79B9_7F4A_7C15);
                    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
                    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
                    *byte = (z ^ (z >> 31)).to_le_bytes()[0];
                }
            }
        }
    }

    #[must_use]
    pub fn key(&self) -> [u8; 32] {
        let mut out = [0; 32];
        self.fill(&mut out);
        out
    }

    /// 128 bits in hex.
    #[must_use]
    pub fn token(&self) -> String {
        let mut out = [0; 16];
        self.fill(&mut out);
        out.iter().map(|b| format!("{b:02x}")).collect()
    }

    /// From 0 to 1, for jitter.
    #[must_use]
    pub fn fraction(&self) -> f64 {
        let mut out = [0; 4];
        self.fill(&mut out);
        f64::from(u32::from_le_bytes(out)) / f64::from(u32::MAX)
    }
}
