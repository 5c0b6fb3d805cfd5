//! Progress that the watchdog believes: each task says until when its step may take; being slow is not being hung.
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

type Deadlines = Arc<Mutex<BTreeMap<String, Instant>>>;

/// All tasks' deadlines.
#[derive(Debug, Default)]
pub(super) struct Pulses(Deadlines);

/// One task's.
#[derive(Debug)]
pub(super) struct Pulse {
    name: String,
    all: Deadlines,
}

impl Pulses {
    pub(super) fn task(&self, name: &str) -> Pulse {
        Pulse { name: name.to_owned(), all: Arc::clone(&self.0) }
    }

    /// A task that is past its deadline.
    pub(super) fn stuck(&self) -> Option<String> {
        let now = Instant::now();
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.iter().find(|(_, deadline)| **deadline < now).map(|(name, _)| name.clone())
    }
}

impl Pulse {
    /// The step that starts now ends within this.
    pub(super) fn until(&self, within: Duration) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(self.name.clone(), Instant::now() + within);
    }
    /// Nothing is under way.
    pub(super) fn rest(&self) {
        self.all.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.name);
    }
}

impl Drop for Pulse {
    fn drop(&mut self) {
        self.rest();
    }
}
