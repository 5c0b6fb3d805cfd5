//! thankd, told in the order a message takes.
//!
//! A [`mailbox`] hands over bytes; [`message`] says what a mail *is*, [`letter`] what it *means*. A [`calendar`] hands
//! over entries; [`meeting`] says when they met. [`person`] sorts all mentions into people, [`timeline`] puts what
//! happened between the owner and each of them in order, [`etiquette`] judges, [`digest`] finds the words, and
//! [`outbox`] sends them. [`store`] remembers facts, never verdicts. [`daemon`] is the hall that knows the order.
//!
//! Quiet rooms (pure: no clock, file, socket, environment, database, async): `words` to `digest`.
//! Doors (the only modules that touch the world): `mailbox` to `outbox`. Hall: the rest.

// quiet rooms
pub mod words;
pub mod person;
pub mod message;
pub mod letter;
pub mod meeting;
pub mod timeline;
pub mod etiquette;
pub mod digest;
// doors, and the line they share
pub mod net;
pub mod mailbox;
pub mod calendar;
pub mod store;
pub mod outbox;
// hall
pub mod cli;
pub mod chance;
pub mod clock;
pub mod telemetry;
pub mod config;
pub mod daemon;
