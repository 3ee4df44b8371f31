//! References to the members of a group and the edits of them.

/// What a member of a group is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MemberKind {
    /// A person.
    User,
    /// Another group.
    Group,
}

/// A member of a group as a client names it.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct MemberRef {
    /// The `id` of the member, or by dialect its `externalId`; not empty.
    pub value: String,
    /// What the client says the member is; most say nothing.
    pub kind: Option<MemberKind>,
}

/// One change of a group's members, to be made without knowing the others.
///
/// Lists hold each value once, in the order sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MemberEdit {
    /// These become members; those that are already stay.
    Add(Vec<MemberRef>),
    /// These are no longer members; those that never were are passed over.
    Remove(Vec<MemberRef>),
    /// Nobody is a member.
    RemoveAll,
    /// These and only these are members; never empty.
    ReplaceAll(Vec<MemberRef>),
}
