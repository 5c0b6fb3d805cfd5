//! What people read, as snapshots: the good morning, and the morning of everybody who means ill.
use super::*;

#[test]
fn a_good_morning() {
    let composed = desk().compose(&morning());
    insta::assert_snapshot!("good_morning.txt", text(&composed.digest).unwrap());
}
