#include "reference-server/test/api_fixture_test.hpp"

#include <arpa/inet.h>
#include <hiredis/hiredis.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/json/parse.hpp>

#include <algorithm>
#include <cerrno>
#include <stdexcept>

namespace api_test {

using namespace std::chrono_literals;

void wait_until(const std::string& what, const std::function<bool()>& holds) {
  const auto deadline = std::chrono::steady_clock::now() + 30s;
  while (!holds()) {
    if (std::chrono::steady_clock::now() > deadline) {
      throw std::runtime_error("never came: " + what);
    }
    std::this_thread::sleep_for(2ms);
  }
}

boost::json::value answer::json() const {
  return boost::json::parse(body);
}
std::int64_t answer::id() const {
  return json().at("id").as_int64();
}

std::string field(const std::string& head, const std::string& name) {
  const auto start = head.find("\r\n" + name + ": ");
  return start == std::string::npos
             ? ""
             : head.substr(start + name.size() + 4, head.find("\r\n", start + 2) - start - name.size() - 4);
}

std::vector<int> statuses(const std::string& said) {
  std::vector<int> all;
  for (auto at = said.find("HTTP/1.1 "); at != said.npos; at = said.find("HTTP/1.1 ", at + 1)) {
    all.push_back(std::stoi(said.substr(at + 9, 3)));
  }
  return all;
}

namespace {

// A process that was stopped for a moment is interrupted here and goes on.
ssize_t receive_some(int socket, char* part, std::size_t most) {
  for (;;) {
    const auto size = ::recv(socket, part, most, 0);
    if (size >= 0 || errno != EINTR) return size;
  }
}

}  // namespace

client::client(const std::string& base_url, const std::string& token)
    : address_(base_url.substr(base_url.find("//") + 2)), token_(token) {}

client::~client() {
  ::close(socket_);
}

void client::connect() {
  socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const auto colon = address_.find(':');
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(static_cast<std::uint16_t>(std::stoi(address_.substr(colon + 1))));
  ::inet_pton(AF_INET, address_.substr(0, colon).c_str(), &to.sin_addr);
  const timeval patience{30, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  const int yes = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  if (::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
    throw std::runtime_error("cannot connect to " + address_);
  }
}

std::string client::receive() {
  char part[16384];
  const auto size = receive_some(socket_, part, sizeof part);
  if (size <= 0) {
    throw std::runtime_error("no answer from " + address_);
  }
  return {part, static_cast<std::size_t>(size)};
}

answer client::ask(const std::string& method, const std::string& path, const std::string& more,
                   const std::string& body) {
  if (socket_ < 0) {
    connect();
  }
  const std::string request = method + " " + path + " HTTP/1.1\r\nHost: test\r\n" + credential() + more + "\r\n" + body;
  if (::send(socket_, request.data(), request.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(request.size())) {
    throw std::runtime_error("cannot send to " + address_);
  }
  std::string bytes = receive();
  while (bytes.find("\r\n\r\n") == std::string::npos) {
    bytes += receive();
  }
  answer got;
  got.head = bytes.substr(0, bytes.find("\r\n\r\n") + 2);
  got.body = bytes.substr(got.head.size() + 2);
  got.status = std::stoi(got.head.substr(9, 3));
  if (const auto length = got.head.find("Content-Length: "); length != std::string::npos && method != "HEAD") {
    while (got.body.size() < std::stoul(got.head.substr(length + 16))) {
      got.body += receive();
    }
  }
  return got;
}

std::string client::talk(const std::string& bytes, const std::string& end) {
  client other("http://" + address_, token_);
  other.connect();
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const auto size = ::send(other.socket_, bytes.data() + sent, bytes.size() - sent, MSG_NOSIGNAL);
    if (size <= 0) {
      throw std::runtime_error("cannot send to " + address_);
    }
    sent += static_cast<std::size_t>(size);
  }
  std::string said;
  char part[16384];
  while (end.empty() || said.find(end) == std::string::npos) {
    const auto size = receive_some(other.socket_, part, sizeof part);
    if (size < 0) {
      throw std::runtime_error("reset or silence from " + address_ + " after: " + said);
    }
    if (size == 0) {
      break;
    }
    said.append(part, static_cast<std::size_t>(size));
  }
  return said;
}

answer client::get(const std::string& path) {
  return ask("GET", path, "", "");
}

answer client::post(const std::string& path, const std::string& json, const std::string& more_fields) {
  return ask("POST", path,
             "Content-Type: application/json\r\nContent-Length: " + std::to_string(json.size()) + "\r\n" + more_fields,
             json);
}

answer client::send(std::int64_t chat, const std::string& body) {
  return post("/api/v1/chats/" + std::to_string(chat) + "/messages/", "{\"body\":\"" + body + "\"}");
}

std::vector<std::int64_t> client::history(std::int64_t chat, std::int64_t after) {
  std::vector<std::int64_t> ids;
  std::string path = "/api/v1/chats/" + std::to_string(chat) + "/messages/?limit=200&after=" + std::to_string(after);
  while (!path.empty()) {
    const answer page = get(path);
    if (page.status != 200) {
      throw std::runtime_error("history: " + page.head);
    }
    const auto json = page.json();
    for (const auto& message : json.at("results").as_array()) {
      ids.push_back(message.at("id").as_int64());
    }
    path = json.at("next").is_null() ? "" : std::string(json.at("next").as_string());
  }
  return ids;
}

database::database(const std::string& conninfo) : connection_(PQconnectdb(conninfo.c_str())) {
  if (PQstatus(connection_) != CONNECTION_OK) {
    throw std::runtime_error(PQerrorMessage(connection_));
  }
}

std::string database::run(const std::string& sql) {
  const std::unique_ptr<PGresult, decltype(&PQclear)> result(PQexec(connection_, sql.c_str()), PQclear);
  const auto status = PQresultStatus(result.get());
  if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
    throw std::runtime_error(PQerrorMessage(connection_));
  }
  return PQntuples(result.get()) > 0 ? PQgetvalue(result.get(), 0, 0) : "";
}

subscriber::subscriber(const std::filesystem::path& redis, const std::string& channel)
    : thread_([this, redis, channel] { run(redis, channel); }) {
  wait_until("a subscription", [this] { return subscribed_.load(); });
}

subscriber::~subscriber() {
  stop_ = true;
  thread_.join();
}

void subscriber::run(const std::filesystem::path& redis, const std::string& channel) {
  const std::unique_ptr<redisContext, decltype(&redisFree)> link(redisConnectUnix(redis.c_str()), redisFree);
  redisAppendCommand(link.get(), "SUBSCRIBE %s", channel.c_str());
  const timeval often{0, 50'000};
  redisSetTimeout(link.get(), often);
  while (!stop_ && link->err == 0) {
    redisReply* reply = nullptr;
    if (redisGetReply(link.get(), reinterpret_cast<void**>(&reply)) != REDIS_OK) {
      if (link->err == REDIS_ERR_IO && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
        link->err = 0;  // only the time to look at stop_
        continue;
      }
      return;
    }
    const std::string kind(reply->element[0]->str);
    if (kind == "subscribe") {
      subscribed_ = true;
    } else {
      const std::string payload(reply->element[2]->str, reply->element[2]->len);
      const std::lock_guard guard(mutex_);
      if (payload.starts_with("m{")) {
        ids_.push_back(boost::json::parse(payload.substr(1)).at("id").as_int64());
      } else {
        others_.push_back(payload);
      }
    }
    freeReplyObject(reply);
  }
}

std::vector<std::int64_t> subscriber::ids() const {
  const std::lock_guard guard(mutex_);
  return ids_;
}

std::vector<std::string> subscriber::others() const {
  const std::lock_guard guard(mutex_);
  return others_;
}

namespace {

constexpr const char* secret = "a secret of the tests, long enough to sign";

::stack::options only_apis(int count, const std::string& postgres_suffix, std::vector<std::string> flags) {
  ::stack::options wanted;
  wanted.api = count;
  wanted.gateway = 0;
  wanted.postgres_suffix = postgres_suffix;
  wanted.arguments["api"] = std::move(flags);
  return wanted;
}

std::unique_ptr<::stack::stack> start_stack(::stack::options wanted) {
  wanted.secret = secret;
  auto up = ::stack::stack::start(wanted);
  if (!up) {
    throw std::runtime_error(up.error().what);
  }
  return std::move(*up);
}

}  // namespace

environment::environment(::stack::options wanted) : stack(start_stack(std::move(wanted))), signer_(secret) {
  wait_ready();
}

environment::environment(int apis, const std::string& postgres_suffix, std::vector<std::string> api_flags)
    : environment(only_apis(apis, postgres_suffix, std::move(api_flags))) {}

void environment::wait_ready() const {
  for (const auto& [name, url] : stack->admin_urls()) {
    if (name.starts_with("api")) {
      wait_until(name + " ready", [&url] { return client(url, "").get("/readyz").status == 200; });
    }
  }
}

std::unique_ptr<client> environment::as(const std::string& user, int api) const {
  const auto expires_at = std::chrono::ceil<std::chrono::seconds>(std::chrono::system_clock::now()) + 1h;
  const std::lock_guard lock(mint_mutex_);
  return std::make_unique<client>(stack->direct_urls().at(static_cast<std::size_t>(api - 1)),
                                  signer_.mint(user, expires_at));
}

std::int64_t environment::create_chat(const std::string& one, const std::string& other) const {
  return as(one)->post("/api/v1/chats/", "{\"participant\":\"" + other + "\"}").id();
}

std::string environment::metric(const std::string& name, int api) const {
  const std::string text = client(stack->admin_urls().at("api" + std::to_string(api)), "").get("/metrics").body;
  const auto line = text.find("\n" + name + " ");
  return line == std::string::npos
             ? ""
             : text.substr(line + name.size() + 2, text.find('\n', line + 1) - line - name.size() - 2);
}

void environment::install_triggers() const {
  sql().run(R"sql(
CREATE FUNCTION at_commit() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.body LIKE 'poison%' THEN RAISE EXCEPTION 'poisoned'; END IF;
  IF NEW.body LIKE 'held%' THEN
    WHILE NOT pg_try_advisory_xact_lock_shared(-3) LOOP PERFORM pg_sleep(0.002); END LOOP;
    RETURN NULL;
  END IF;
  PERFORM pg_sleep(CASE WHEN NEW.body LIKE 'slow%' THEN 0.05 WHEN NEW.body LIKE 'hang%' THEN 7 ELSE 1 END);
  RETURN NULL;
END $$;
CREATE CONSTRAINT TRIGGER at_commit AFTER INSERT ON message DEFERRABLE INITIALLY DEFERRED FOR EACH ROW
  WHEN (NEW.body ~ '^(slow|stall|hang|poison|held)') EXECUTE FUNCTION at_commit())sql");
}

void environment::restart(const std::string& part) const {
  for (const auto& done : {stack->stop(part), stack->start(part)}) {
    if (!done) {
      throw std::runtime_error(done.error().what);
    }
  }
}

}  // namespace api_test
