#include "harness/client/user/session_store.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <openssl/evp.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <boost/json.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <optional>
#include <system_error>

namespace client {

namespace json = boost::json;

namespace {

std::string digest(std::string_view text) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned size = 0;
  ::EVP_Digest(text.data(), text.size(), bytes.data(), &size, ::EVP_sha256(), nullptr);
  std::string out;
  for (unsigned i = 0; i < size; ++i) out += fmt::format("{:02x}", bytes.at(i));
  return out;
}

void write_tree(const tree& node, std::string& out) {
  // Lengths keep what stands beside each other apart.
  out += fmt::format("{}{}:{}", static_cast<int>(node.kind), node.text.size(), node.text);
  for (const tree& item : node.items) write_tree(item, out);
  for (const tree::entry& entry : node.entries) {
    out += fmt::format("k{}:{}", entry.key.size(), entry.key);
    write_tree(entry.value, out);
  }
  out += ';';
}

// A session is good for the addresses and the log-in that made it.
std::string made_for(const target& target) {
  std::string all;
  for (const url& each : target.base_urls) all += each.text() + "\n";
  for (const std::string& each : target.secrets) all += each + "\n";
  if (target.source) {
    for (const tree::entry& entry : target.source->entries) {
      if (entry.key != "login") continue;
      for (const tree::entry& each : entry.value.entries) {
        if (each.key == "sessions") continue;  // where they are kept says nothing about what they are
        all += fmt::format("k{}:{}", each.key.size(), each.key);
        write_tree(each.value, all);
      }
    }
  }
  return digest(all);
}

// Open, locked and ours alone.
class locked_file {
 public:
  explicit locked_file(const std::string& path, int flags)
      : fd_(::open(path.c_str(), flags | O_CLOEXEC | O_NOFOLLOW, 0600)) {
    if (fd_ >= 0) ::flock(fd_, (flags & O_RDWR) != 0 ? LOCK_EX : LOCK_SH);
  }
  ~locked_file() {
    if (fd_ >= 0) ::close(fd_);
  }
  locked_file(const locked_file&) = delete;
  locked_file& operator=(const locked_file&) = delete;

  bool good() const noexcept { return fd_ >= 0; }

  std::string read() const {
    std::string out;
    std::array<char, 65'536> some{};
    for (;;) {
      const ssize_t n = ::pread(fd_, some.data(), some.size(), static_cast<off_t>(out.size()));
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return out;
      out.append(some.data(), static_cast<std::size_t>(n));
    }
  }

  bool replace(std::string_view text) const {
    if (::fchmod(fd_, 0600) != 0 || ::ftruncate(fd_, 0) != 0) return false;
    for (off_t at = 0; !text.empty();) {
      const ssize_t n = ::pwrite(fd_, text.data(), text.size(), at);
      if (n < 0 && errno == EINTR) continue;
      if (n <= 0) return false;
      at += n;
      text.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }

 private:
  int fd_;
};

kept_session read_session(const json::value& from) {
  kept_session out;
  for (const auto& [name, value] : from.at("values").as_object()) {
    out.values.emplace_back(name, variable{std::string(value.at("text").as_string()), value.at("bare").as_bool()});
  }
  for (const auto& [name, value] : from.at("cookies").as_object()) out.cookies.emplace_back(name, value.as_string());
  out.ends = jwt::wall_time(std::chrono::seconds(from.at("ends").as_int64()));
  return out;
}

json::object write_session(const kept_session& session) {
  json::object values;
  for (const auto& [name, value] : session.values) values[name] = {{"text", value.text}, {"bare", value.bare}};
  json::object cookies;
  for (const auto& [name, value] : session.cookies) cookies[name] = value;
  return {{"ends", session.ends.time_since_epoch().count()},
          {"values", std::move(values)},
          {"cookies", std::move(cookies)}};
}

std::map<std::string, kept_session> read_sessions(std::string_view text, const std::string& made_for) {
  std::map<std::string, kept_session> out;
  try {
    const json::value all = json::parse(json::string_view(text.data(), text.size()));
    if (all.at("schema").as_int64() != 1 || all.at("made_for").as_string() != made_for) return {};
    for (const auto& [who, session] : all.at("sessions").as_object()) out.emplace(who, read_session(session));
  } catch (const std::exception&) {  // half a file, or not ours
    return {};
  }
  return out;
}

}  // namespace

session_store::session_store(std::string path, std::string made_for, std::chrono::seconds lifetime)
    : path_(std::move(path)),
      made_for_(std::move(made_for)),
      margin_(std::min(std::chrono::seconds(60), lifetime / 2)) {
  const locked_file file(path_, O_RDONLY);
  if (file.good()) sessions_ = read_sessions(file.read(), made_for_);
}

std::shared_ptr<session_store> session_store::of(const target& target) {
  if (target.login.sessions.empty() || !target.login.lifetime) return nullptr;
  return std::shared_ptr<session_store>(
      new session_store(target.login.sessions, made_for(target), *target.login.lifetime));
}

session_store::~session_store() {
  (void)save();
}

const kept_session* session_store::find(const std::string& who, jwt::wall_time now) const {
  const auto found = sessions_.find(who);
  return found == sessions_.end() || found->second.ends - margin_ <= now ? nullptr : &found->second;
}

void session_store::keep(const std::string& who, kept_session session) {
  sessions_[who] = std::move(session);
  changed_[who] = true;
}

void session_store::forget(const std::string& who) {
  if (sessions_.erase(who) > 0) changed_[who] = false;
}

checked<void> session_store::save() {
  if (changed_.empty()) return {};
  const locked_file file(path_, O_RDWR | O_CREAT);
  if (!file.good()) {
    return reason{fmt::format("{} cannot be written: {}", path_, std::generic_category().message(errno))};
  }
  auto all = read_sessions(file.read(), made_for_);
  for (const auto& [who, kept] : changed_) {
    if (kept) {
      all[who] = sessions_[who];
    } else {
      all.erase(who);
    }
  }
  const auto now = jwt::wall_now();
  json::object sessions;
  for (const auto& [who, session] : all) {
    if (session.ends > now) sessions[who] = write_session(session);
  }
  const json::object whole{{"schema", 1}, {"made_for", made_for_}, {"sessions", std::move(sessions)}};
  if (!file.replace(json::serialize(whole) + "\n")) {
    return reason{fmt::format("{} cannot be written: {}", path_, std::generic_category().message(errno))};
  }
  changed_.clear();
  return {};
}

std::string session_store::name_of(const users_description& users, const variables& row) {
  std::string all;
  const auto add = [&](const std::string& name) {
    const variable* value = row.find(name);
    const std::string text = value == nullptr ? std::string() : value->text;
    all += fmt::format("{}:{}={}:{};", name.size(), name, text.size(), text);
  };
  for (const std::string& name : users.names) add(name);
  for (const auto& [name, value] : users.columns) add(name);
  return digest(all);
}

}  // namespace client
