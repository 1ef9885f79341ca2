#include "reference-server/api/checked_body.hpp"

namespace api {

bool check_media_type(call& asked) {
  const std::string_view* given = asked.asked.request().find("Content-Type");
  std::string_view type = given == nullptr ? std::string_view() : given->substr(0, given->find(';'));
  while (type.ends_with(' ') || type.ends_with('\t')) {
    type.remove_suffix(1);
  }
  if (http::equal_ignoring_case(type, "application/json")) {
    return true;
  }
  asked.refuse(415, "the body has to be application/json");
  return false;
}

void refuse_body(call& asked, const body_refusal& refusal) {
  if (refusal.status != 422) {
    asked.refuse(refusal.status, refusal.detail);
    return;
  }
  std::string errors = ",\"errors\":[{\"field\":";
  http::append_json_string(errors, refusal.field);
  errors += ",\"detail\":";
  http::append_json_string(errors, refusal.detail);
  errors += "}]";
  asked.answer(http::problem(422, refusal.field + " " + refusal.detail, {}, errors));
}

}  // namespace api
