//! What each identity provider may do beside the letter of the RFCs, as data.
//!
//! A dialect belongs to a connection and is chosen by its administrator; it is never guessed from a request.
//! The code asks for one switch at a time and never for the name of a provider: a new provider is a new row.
//! What every provider may do is not a switch: `op` in any case, attribute names in any case, JSON `null`
//! for "unassigned".

use self::Stance::{Refuse, Tolerate};

/// How one departure from the RFCs is met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stance {
    /// Read it the way the client means it.
    Tolerate,
    /// Answer with an error that says what was expected.
    Refuse,
}

impl Stance {
    /// Whether this is [`Stance::Tolerate`].
    pub fn tolerates(self) -> bool {
        self == Self::Tolerate
    }
}

/// What the PATCH of a group is answered with if it names no attributes (RFC 7644 section 3.5.2 leaves the choice).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PatchAnswer {
    /// 200 with the group; 204 if it is a large one, whose members would be most of the work.
    Resource,
    /// 204 without a body.
    NoContent,
}

/// The switches of one connection's way of speaking SCIM.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Dialect {
    /// The word by which administrators choose the dialect and stores remember it.
    pub name: &'static str,
    /// Attributes in a body that no schema defines: dropped, or 400 `invalidSyntax`.
    pub unknown_attributes: Stance,
    /// PATCH paths that no schema defines: the operation is skipped, or 400 `invalidPath`.
    ///
    /// Skipping hides mistakes from an administrator, so only providers that would otherwise stop a whole
    /// synchronisation get it.
    pub unknown_paths: Stance,
    /// Filters over attributes that no schema defines: they match nothing, or 400 `invalidFilter`.
    pub unknown_filters: Stance,
    /// A body whose `schemas` is absent or names a schema we do not know.
    pub loose_schemas: Stance,
    /// Values in a neighbouring type: `"True"` for a boolean, a bare id for a complex attribute, one value for
    /// a list of values, a number for a text, two primary values.
    pub loose_types: Stance,
    /// readOnly attributes inside the value of a PATCH without path: dropped, or 400 `mutability`.
    pub read_only_values: Stance,
    /// PATCH operations without path. The interoperability profile forbids them, Okta lives by them.
    pub pathless_patch: Stance,
    /// PATCH by a value path that matches no element: `add` and `replace` create it from the equalities of the
    /// path and `remove` has nothing to do, or 400 `noTarget`.
    pub unmatched_paths: Stance,
    /// PATCH by a path that selects whole values, as `emails[type eq "work"]` does, other than members. The
    /// interoperability profile wants a sub-attribute after the bracket, else 400 `invalidPath`.
    pub whole_value_paths: Stance,
    /// PATCH `remove` with a `value`: only these values go, or 400 `invalidSyntax`.
    ///
    /// The RFC gives `value` no meaning here, and ignoring it would empty the attribute.
    pub remove_values: Stance,
    /// Members that no resource of the connection has as its `id`, but one has as its `externalId`.
    pub members_by_external_id: Stance,
    /// Members that no resource of the connection answers to yet: remembered until it arrives, or refused.
    pub unknown_members: Stance,
    /// The answer to a PATCH of a group.
    pub group_patch: PatchAnswer,
}

impl Dialect {
    /// Accepts everything that any known provider sends; what a new connection gets.
    pub const TOLERANT: Self = Self {
        name: "default",
        unknown_attributes: Tolerate,
        unknown_paths: Refuse,
        unknown_filters: Refuse,
        loose_schemas: Tolerate,
        loose_types: Tolerate,
        read_only_values: Tolerate,
        pathless_patch: Tolerate,
        unmatched_paths: Tolerate,
        whole_value_paths: Tolerate,
        remove_values: Tolerate,
        members_by_external_id: Tolerate,
        unknown_members: Tolerate,
        group_patch: PatchAnswer::Resource,
    };

    /// Okta: PATCH without path, `id` inside its value, schemas of its own; members by `id` alone.
    pub const OKTA: Self = Self { name: "okta", members_by_external_id: Refuse, ..Self::TOLERANT };

    /// Entra ID: capitalised operations, booleans as texts, a list of what to remove; a mapped attribute that we lack
    /// would stop a whole job, so its path is skipped. Members by `id` alone. It expects 204 for the PATCH of a group.
    pub const ENTRA: Self = Self {
        name: "entra",
        unknown_paths: Tolerate,
        members_by_external_id: Refuse,
        group_patch: PatchAnswer::NoContent,
        ..Self::TOLERANT
    };

    /// Entra ID with the flag `aadOptscim062020` in its tenant URL: one operation without path for all single values,
    /// members removed by a filter. Provisioning on demand passes the flag over, so all that [`Dialect::ENTRA`]
    /// reads is read too.
    pub const ENTRA_062020: Self = Self { name: "entra-062020", ..Self::ENTRA };

    /// OneLogin: SCIM 1 schema URNs on SCIM 2 bodies, explicit nulls.
    pub const ONELOGIN: Self = Self { name: "onelogin", ..Self::TOLERANT };

    /// JumpCloud: `id` inside PUT bodies, removal of members by a value list.
    pub const JUMPCLOUD: Self = Self { name: "jumpcloud", ..Self::TOLERANT };

    /// The letter of RFC 7643 and 7644 with the refusals of the interoperability profile.
    pub const STRICT: Self = Self {
        name: "strict",
        unknown_attributes: Refuse,
        unknown_paths: Refuse,
        unknown_filters: Refuse,
        loose_schemas: Refuse,
        loose_types: Refuse,
        read_only_values: Refuse,
        pathless_patch: Refuse,
        unmatched_paths: Refuse,
        whole_value_paths: Refuse,
        remove_values: Refuse,
        members_by_external_id: Refuse,
        unknown_members: Refuse,
        group_patch: PatchAnswer::Resource,
    };

    /// Every dialect, in the order in which help texts list them.
    pub const ALL: [&'static Self; 7] = [
        &Self::TOLERANT,
        &Self::ENTRA,
        &Self::ENTRA_062020,
        &Self::OKTA,
        &Self::ONELOGIN,
        &Self::JUMPCLOUD,
        &Self::STRICT,
    ];

    /// The dialect that goes by `name`, in any case; `None` if there is none.
    ///
    /// ```
    /// use cohort_scim::Dialect;
    /// assert_eq!(Dialect::named("Okta"), Some(&Dialect::OKTA));
    /// assert_eq!(Dialect::named("default"), Some(&Dialect::TOLERANT));
    /// assert_eq!(Dialect::named("ldap"), None);
    /// ```
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::ALL.into_iter().find(|dialect| dialect.name.eq_ignore_ascii_case(name))
    }
}

impl Default for Dialect {
    /// [`Dialect::TOLERANT`].
    fn default() -> Self {
        Self::TOLERANT
    }
}
