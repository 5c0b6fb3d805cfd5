//! The hall: the one place that knows the order of things.
//!
//! Doors hand out bytes, quiet rooms make sense of them, the store remembers. Here they are put in a row, for one round
//! (`rounds`) and for years (`keeper`).

mod composing;
mod correspondence;
mod deliver;
mod instance;
mod judging;
mod keeper;
mod lens;
mod pulse;
mod reading;
mod rounds;
mod sending;
mod systemd;
mod trust;

pub use composing::{Preview, Printed, preview, printed};
pub use instance::Instance;
pub use judging::{Judgement, World};
pub use keeper::run;
pub use lens::{Lens, Taken};
pub use reading::{ReadError, read_account, read_calendar, recently_met, window};
pub use rounds::{Doors, RoundError, compose_and_deliver, headers, once, read_all, when_due};
pub use sending::{Whereabouts, put_off, send_now, whereabouts};
