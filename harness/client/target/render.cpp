#include "harness/client/target/load.hpp"
#include "harness/client/target/values.hpp"

#include <fmt/format.h>
#include <yaml-cpp/yaml.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <initializer_list>

namespace client {

namespace {

void put(YAML::Emitter& out, std::string_view key, std::string_view value) {
  out << YAML::Key << std::string(key) << YAML::Value << YAML::DoubleQuoted << std::string(value);
}

void put_bare(YAML::Emitter& out, std::string_view key, std::string_view value) {
  out << YAML::Key << std::string(key) << YAML::Value << std::string(value);
}

void put_urls(YAML::Emitter& out, std::string_view key, const std::vector<url>& urls) {
  out << YAML::Key << std::string(key) << YAML::Value << YAML::Flow << YAML::BeginSeq;
  for (const url& address : urls) out << YAML::DoubleQuoted << address.text();
  out << YAML::EndSeq;
}

template <class List>
void put_list(YAML::Emitter& out, std::string_view key, const List& values) {
  out << YAML::Key << std::string(key) << YAML::Value << YAML::Flow << YAML::BeginSeq;
  for (const auto& value : values) out << value;
  out << YAML::EndSeq;
}

// A value whose key speaks of a secret is not shown, unless it is made of variables alone.
bool is_literal_secret(const tree::entry& entry) {
  if (entry.value.kind != tree::kind::scalar) return false;
  std::string_view rest = entry.value.text;
  while (rest.starts_with("${") && rest.find('}') != std::string_view::npos) rest.remove_prefix(rest.find('}') + 1);
  // "/data/token" says where a token is found.
  return speaks_of_a_secret(entry.key) && !rest.empty() && !rest.starts_with('/');
}

// A file beside the target file is found from the run's folder, too.
bool is_path(const tree::entry& entry, std::initializer_list<std::string_view> keys) {
  return entry.value.kind == tree::kind::scalar && entry.value.text.find("${") == std::string::npos &&
         std::ranges::count(keys, std::string_view(entry.key)) > 0;
}

std::string absolute_path(const tree& node) {
  std::filesystem::path path(node.text);
  if (node.at.line != 0 && path.is_relative()) path = std::filesystem::path(node.at.file).parent_path() / path;
  return std::filesystem::absolute(path).lexically_normal().string();
}

void put_tree(YAML::Emitter& out, const tree& node);

void put_entry(YAML::Emitter& out, const tree::entry& entry) {
  out << YAML::Key << YAML::DoubleQuoted << entry.key << YAML::Value;
  if (is_literal_secret(entry)) {
    out << YAML::DoubleQuoted << "***";
  } else {
    put_tree(out, entry.value);
  }
}

void put_tree(YAML::Emitter& out, const tree& node) {
  switch (node.kind) {
    case tree::kind::nothing:
      out << YAML::Null;
      return;
    case tree::kind::scalar:
      if (node.quoted) out << YAML::DoubleQuoted;
      out << node.text;
      return;
    case tree::kind::list:
      out << YAML::BeginSeq;
      for (const tree& item : node.items) put_tree(out, item);
      out << YAML::EndSeq;
      return;
    case tree::kind::map:
      out << YAML::BeginMap;
      for (const tree::entry& entry : node.entries) put_entry(out, entry);
      out << YAML::EndMap;
      return;
  }
}

const tree* child(const tree* of, std::string_view key) {
  if (of == nullptr || of->kind != tree::kind::map) return nullptr;
  const auto found = std::find_if(of->entries.begin(), of->entries.end(), [&](const auto& e) { return e.key == key; });
  return found == of->entries.end() ? nullptr : &found->value;
}

// What the file has below `of` besides what was put already.
void put_others(YAML::Emitter& out, const tree* of, const std::vector<std::string_view>& put,
                std::initializer_list<std::string_view> paths = {}) {
  if (of == nullptr || of->kind != tree::kind::map) return;
  for (const tree::entry& entry : of->entries) {
    if (std::find(put.begin(), put.end(), entry.key) != put.end()) continue;
    if (is_path(entry, paths)) {
      out << YAML::Key << YAML::DoubleQuoted << entry.key << YAML::Value << YAML::DoubleQuoted
          << absolute_path(entry.value);
    } else {
      put_entry(out, entry);
    }
  }
}

void put_allow(YAML::Emitter& out, const allowance& allow) {
  static constexpr std::array impact_names{"passive", "writes", "intrusive", "disruptive"};
  out << YAML::Key << "allow" << YAML::Value << YAML::BeginMap;
  put_list(out, "hosts", allow.hosts);
  put_bare(out, "until",
           fmt::format("{:04}-{:02}-{:02}", static_cast<int>(allow.until.year()),
                       static_cast<unsigned>(allow.until.month()), static_cast<unsigned>(allow.until.day())));
  // Per hour: a rate that was given per hour or minute is then mostly a short number again.
  const auto put_rate = [&](std::string_view key, const std::optional<double>& rate) {
    if (rate) put_bare(out, key, fmt::format("{:f}/h", *rate * 3600));
  };
  put_rate("max_rate", allow.max_rate);
  if (allow.max_users) put_bare(out, "max_users", fmt::format("{}", *allow.max_users));
  put_rate("max_connects", allow.max_connects);
  put_rate("max_logins", allow.max_logins);
  std::vector<std::string> impacts;
  for (const impact each : allow.impacts) impacts.emplace_back(impact_names.at(static_cast<std::size_t>(each)));
  put_list(out, "impact", impacts);
  out << YAML::EndMap;
}

void put_login(YAML::Emitter& out, const target& target, const tree* written) {
  out << YAML::Key << "login" << YAML::Value;
  if (written != nullptr && written->kind == tree::kind::scalar) return put_tree(out, *written);
  out << YAML::BeginMap;
  if (target.login.by == login_description::kind::jwt) {
    out << YAML::Key << "jwt" << YAML::Value << YAML::BeginMap;
    if (target.login.signed_by == login_description::algorithm::hs256) {
      put(out, "secret", "${env." + target.login.secret_variable + "}");
    }
    put_bare(out, "ttl", write_duration(target.login.ttl));
    put_others(out, child(written, "jwt"), {"secret", "ttl"}, {"key_file"});
    out << YAML::EndMap;
  }
  put_others(out, written, {"jwt"}, {"sessions"});
  out << YAML::EndMap;
}

}  // namespace

std::string to_yaml(const target& target) {
  const tree* source = target.source.get();
  YAML::Emitter out;
  out << YAML::BeginMap;
  put_bare(out, "schema", "1");
  put(out, "name", target.name);
  if (!target.version.empty()) put(out, "version", target.version);
  put_urls(out, "base_url", target.base_urls);
  if (!target.direct_urls.empty()) put_urls(out, "direct_urls", target.direct_urls);

  out << YAML::Key << "socket" << YAML::Value << YAML::BeginMap;
  put_urls(out, "url", target.socket.urls);
  put_bare(out, "kind", target.socket.kind == socket_kind::websocket ? "websocket" : "socketio");
  put_others(out, child(source, "socket"), {"url", "kind"});
  out << YAML::EndMap;

  put_login(out, target, child(source, "login"));
  if (const tree* users = child(source, "users"); users != nullptr && users->kind == tree::kind::map) {
    out << YAML::Key << "users" << YAML::Value << YAML::BeginMap;
    put_others(out, users, {}, {"csv"});
    out << YAML::EndMap;
  }
  for (const std::string_view section : {"rest", "errors", "cleanup"}) {
    const tree* written = child(source, section);
    if (written == nullptr) continue;
    out << YAML::Key << std::string(section) << YAML::Value;
    put_tree(out, *written);
  }

  put_list(out, "features", target.features);

  out << YAML::Key << "delivery" << YAML::Value << YAML::BeginMap;
  put_bare(out, "settle", write_duration(target.delivery.settle));
  put_list(out, "loss_codes", target.delivery.loss_codes);
  put_bare(out, "offline", target.delivery.offline == offline_policy::discard ? "discard" : "replay");
  put_bare(out, "echo", target.delivery.echo ? "true" : "false");
  put_others(out, child(source, "delivery"), {"settle", "loss_codes", "offline", "echo"});
  out << YAML::EndMap;

  put_bare(out, "patience", write_duration(target.patience));
  if (target.allow) put_allow(out, *target.allow);
  if (!target.deviations.empty()) {
    out << YAML::Key << "deviations" << YAML::Value << YAML::BeginMap;
    for (const auto& [id, reason] : target.deviations) put(out, id, reason);
    out << YAML::EndMap;
  }
  out << YAML::EndMap;
  return std::string(out.c_str()) + "\n";
}

}  // namespace client
