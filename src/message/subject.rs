//! Subjects: what gateways put in front is cut, what people's mailers put there tells replies from forwards.

pub(super) fn cleaned(subject: &str) -> String {
    subject.split_whitespace().collect::<Vec<_>>().join(" ")
}
