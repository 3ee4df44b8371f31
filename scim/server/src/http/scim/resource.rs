//! Users and groups, as identity providers create, read, change and remove them.

use axum::http::StatusCode;
use axum::response::Response;
use cohort_directory::limits::ANSWERED_MEMBERS_MAX;
use cohort_directory::{Caller, Directory, ScimView, Written};
use cohort_scim::dialect::PatchAnswer;
use cohort_scim::list::search_parameters;
use cohort_scim::{ListQuery, ResourceType, ScimError};

use super::call::Call;
use crate::error::Refusal;
use crate::reply::{ScimReply, removed, scim_json, with_revision};
use crate::request::{Id, ScimBody};

/// The resource type that a route is about, known at compile time.
pub(crate) trait Kind: Send + 'static {
    /// The type.
    const TYPE: ResourceType;
}

/// The resource types that a list is about.
pub(crate) trait Kinds: Send + 'static {
    /// The types, at least one.
    const TYPES: &'static [ResourceType];
}

/// Routes below `/Users`.
pub(crate) enum Users {}

/// Routes below `/Groups`.
pub(crate) enum Groups {}

/// The root, where all resources are looked for at once (RFC 7644 section 3.4.2.1).
pub(crate) enum Everything {}

impl Kind for Users {
    const TYPE: ResourceType = ResourceType::User;
}

impl Kind for Groups {
    const TYPE: ResourceType = ResourceType::Group;
}

impl<K: Kind> Kinds for K {
    const TYPES: &'static [ResourceType] = &[K::TYPE];
}

impl Kinds for Everything {
    const TYPES: &'static [ResourceType] = &ResourceType::ALL;
}

/// `POST /{type}`: 201 with the resource, so that the client learns its id.
pub(crate) async fn create<K: Kind>(call: Call, ScimBody(body): ScimBody) -> Result<Response, Refusal> {
    let view = call.view(Some(call.projection(K::TYPE)?));
    let work =
        move |directory: &Directory, caller: &Caller| directory.scim_create(caller, K::TYPE, &body, view);
    let Written { value, revision } = call.change(work).await?;
    Ok(ScimReply(value).written(StatusCode::CREATED, revision))
}

/// `GET /{type}/{id}`
pub(crate) async fn read<K: Kind>(call: Call, Id(id): Id) -> Result<Response, Refusal> {
    let view = call.view(Some(call.projection(K::TYPE)?));
    let at_hand = call.at_once(|directory, caller| directory.scim_get_at_once(caller, K::TYPE, &id, &view));
    if let Some(answer) = at_hand {
        return Ok(ScimReply(answer?).read(&call.headers));
    }
    let headers = call.headers.clone();
    let answer = call.run(move |directory, caller| directory.scim_get(caller, K::TYPE, &id, &view)).await?;
    Ok(ScimReply(answer).read(&headers))
}

/// `GET /{type}`, and `GET /` over all types.
pub(crate) async fn list<K: Kinds>(call: Call) -> Result<Response, Refusal> {
    let query = ListQuery::parse(call.query.pairs(), K::TYPES, call.dialect())?;
    listed(call, query).await
}

/// `POST /{type}/.search`, and `POST /.search` over all types.
pub(crate) async fn search<K: Kinds>(call: Call, ScimBody(body): ScimBody) -> Result<Response, Refusal> {
    let parameters = search_parameters(&body, call.dialect())?;
    let pairs = parameters.iter().map(|(name, value)| (*name, value.as_str()));
    let query = ListQuery::parse(pairs, K::TYPES, call.dialect())?;
    listed(call, query).await
}

async fn listed(call: Call, query: ListQuery) -> Result<Response, Refusal> {
    let at_hand = call.at_once(|directory, caller| directory.scim_list_at_once(caller, &query, &call.base));
    if let Some(found) = at_hand {
        return Ok(scim_json(StatusCode::OK, &found?));
    }
    let base = call.base.clone();
    let found = call.run(move |directory, caller| directory.scim_list(caller, &query, &base)).await?;
    Ok(scim_json(StatusCode::OK, &found))
}

/// `PUT /{type}/{id}`
pub(crate) async fn replace<K: Kind>(
    call: Call,
    Id(id): Id,
    ScimBody(body): ScimBody,
) -> Result<Response, Refusal> {
    let view = call.view(Some(call.projection(K::TYPE)?));
    let if_match = call.if_match();
    let work = move |directory: &Directory, caller: &Caller| {
        directory.scim_replace(caller, K::TYPE, &id, if_match.as_deref(), body, view)
    };
    let Written { value, revision } = call.change(work).await?;
    Ok(ScimReply(value).written(StatusCode::OK, revision))
}

/// `PATCH /{type}/{id}`: 200 with the resource; 204 for a group that is large, or whose connection wants no body.
pub(crate) async fn patch<K: Kind>(
    call: Call,
    Id(id): Id,
    ScimBody(body): ScimBody,
) -> Result<Response, Refusal> {
    let (view, if_match) = (patch_view::<K>(&call)?, call.if_match());
    let work = move |directory: &Directory, caller: &Caller| {
        directory.scim_patch(caller, K::TYPE, &id, if_match.as_deref(), &body, view)
    };
    let Written { value, revision } = call.change(work).await?;
    let is_seen = !value.body.is_null();
    let reply = ScimReply(value);
    Ok(if is_seen { reply.written(StatusCode::OK, revision) } else { reply.unseen(revision) })
}

/// `DELETE /{type}/{id}`
pub(crate) async fn delete<K: Kind>(call: Call, Id(id): Id) -> Result<Response, Refusal> {
    let if_match = call.if_match();
    let work = move |directory: &Directory, caller: &Caller| {
        directory.scim_delete(caller, K::TYPE, &id, if_match.as_deref())
    };
    Ok(removed(&call.change(work).await?))
}

/// `/Me`: a token stands for a connection and not for a user, so there is nobody to answer about.
pub(crate) async fn me(_: Call) -> Refusal {
    ScimError::NobodySignedIn.into()
}

/// `POST /Bulk`: 200 whatever became of the operations.
pub(crate) async fn bulk(call: Call, ScimBody(body): ScimBody) -> Result<Response, Refusal> {
    let base = call.base.clone();
    let Written { value, revision } =
        call.run(move |directory, caller| directory.scim_bulk(caller, body, &base)).await?;
    Ok(with_revision(scim_json(StatusCode::OK, &value), revision))
}

/// How a PATCH is answered.
///
/// RFC 7644 section 3.5.2 leaves the choice unless the client names attributes. A large group would be answered with
/// all its members, however few of them the request is about, so it is not.
fn patch_view<K: Kind>(call: &Call) -> Result<ScimView, ScimError> {
    let names = call.query.value("attributes").or_else(|| call.query.value("excludedAttributes"));
    let is_unasked = K::TYPE == ResourceType::Group && names.is_none();
    let projection = match call.dialect().group_patch {
        PatchAnswer::NoContent if is_unasked => None,
        _ => Some(call.projection(K::TYPE)?),
    };
    let members_max = if is_unasked { ANSWERED_MEMBERS_MAX } else { usize::MAX };
    Ok(ScimView { members_max, ..call.view(projection) })
}
