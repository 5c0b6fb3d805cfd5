//! Clause 1: One-way or audience-like ties: interest, never premature. Follows anywhere, and the networks the owner names.
use crate::etiquette::case::{Case, Finding};
use crate::etiquette::{Clause, RequestWord};
use crate::letter::InvitationKind;

pub(super) fn applies<'a>(case: &Case<'a>) -> Option<Finding<'a>> {
    let r = case.request;
    let follow = match r.kind {
        InvitationKind::Follow | InvitationKind::FollowRequest => true,
        InvitationKind::Connect | InvitationKind::Reminder | InvitationKind::Batch => false,
    };
    let open = follow || r.open || case.policy.open.contains(&r.network);
    open.then(|| Finding::new(RequestWord::Harmless, Clause::Open))
}

#[cfg(test)]
mod tests {
    use crate::etiquette::notation::{case, case_under, policy};

    #[test]
    fn open() {
        case("a follow", "mon 10:00 follow", "tue 9:00", "harmless open");
        case("a network of audiences", "mon 10:00 asked x", "tue 9:00", "harmless open");
        case("even right after an interview", "mon 9:00 interview; mon 11:00 follow", "tue 9:00", "harmless open");
        case(
            "even where the owner said something",
            "mon 9:00 told ignore; mon 11:00 follow",
            "tue 9:00",
            "harmless open",
        );
        case(
            "unverified: still harmless, and said so",
            "mon 10:00 follow unverified",
            "tue 9:00",
            "harmless open, unverified",
        );
        case("a request to connect is not open", "mon 10:00 asked xing", "tue 9:00", "premature stranger");
        let mut all = policy();
        all.open = vec![crate::letter::NetworkId("xing".into())];
        case_under(&all, "unless the owner says so", "mon 10:00 asked xing", "tue 9:00", "harmless open");
    }
}
