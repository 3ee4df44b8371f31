//! The members of a group, and the roles that are given to it.

use axum::extract::State;
use axum::response::Response;
use cohort_directory::Written;
use cohort_directory::access::NewGroupRole;
use cohort_directory::members::NewMembers;
use serde_json::json;

use super::mode;
use crate::app::App;
use crate::auth::Admin;
use crate::error::Refusal;
use crate::reply;
use crate::request::{ApiBody, Id, MemberId, Query};

/// `POST /groups/{id}/members`
pub(crate) async fn add(
    State(app): State<App>,
    Admin(caller): Admin,
    Id(group): Id,
    query: Query,
    ApiBody(members): ApiBody<NewMembers>,
) -> Result<Response, Refusal> {
    let mode = mode(&query)?;
    let Written { value, revision } =
        app.run(move |directory| directory.add_members(&caller, &group, members, mode)).await?;
    let members = Written { value: json!({ "members": value }), revision };
    Ok(reply::created(&members, mode))
}

/// `GET /groups/{id}/members`
pub(crate) async fn list(
    State(app): State<App>,
    Admin(caller): Admin,
    Id(group): Id,
) -> Result<Response, Refusal> {
    let members = app.run(move |directory| directory.members(&caller, &group)).await?;
    Ok(reply::json(&json!({ "members": members })))
}

/// `DELETE /groups/{id}/members/{member}`
pub(crate) async fn remove(
    State(app): State<App>,
    Admin(caller): Admin,
    Id(group): Id,
    MemberId(member): MemberId,
    query: Query,
) -> Result<Response, Refusal> {
    let mode = mode(&query)?;
    let written = app.run(move |directory| directory.remove_member(&caller, &group, &member, mode)).await?;
    Ok(reply::removed(&written))
}

/// `POST /groups/{id}/roles`
pub(crate) async fn give_role(
    State(app): State<App>,
    Admin(caller): Admin,
    Id(group): Id,
    query: Query,
    ApiBody(role): ApiBody<NewGroupRole>,
) -> Result<Response, Refusal> {
    let mode = mode(&query)?;
    let written = app.run(move |directory| directory.grant_group_role(&caller, &group, role, mode)).await?;
    Ok(reply::created(&written, mode))
}
