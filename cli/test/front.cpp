#include "cli/test/front.hpp"

#include "harness/client/jwt/token.hpp"

#include <boost/asio/connect.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>

#include <chrono>
#include <utility>

namespace cli::test {

namespace asio = boost::asio;
namespace http = boost::beast::http;
namespace json = boost::json;

using request = http::request<http::string_body>;
using answer = http::response<http::string_body>;

namespace {

constexpr std::string_view chats = "/api/v1/chats/";
constexpr std::string_view users = "/users/";

answer with(const request& asked, http::status status, std::string body) {
  answer out(status, asked.version());
  out.set(http::field::content_type, "application/json");
  out.keep_alive(asked.keep_alive());
  out.body() = std::move(body);
  out.prepare_payload();
  return out;
}

answer from_behind(const std::string& behind, request asked) {
  asio::io_context io;
  asio::ip::tcp::socket socket(io);
  asio::connect(socket, asio::ip::tcp::resolver(io).resolve("127.0.0.1", behind.substr(behind.find(':') + 1)));
  asked.keep_alive(false);
  http::write(socket, asked);
  boost::beast::flat_buffer buffer;
  http::response_parser<http::string_body> got;
  http::read(socket, buffer, got);
  return got.release();
}

}  // namespace

front::front(std::string behind)
    : behind_(std::move(behind)),
      acceptor_(io_, tcp::endpoint(asio::ip::make_address("127.0.0.1"), 0)),
      accepting_([this] { accept(); }) {}

front::~front() {
  {
    const std::lock_guard lock(mutex_);
    stopping_ = true;
    for (const auto& each : sockets_) {
      boost::system::error_code ignored;
      each->shutdown(tcp::socket::shutdown_both, ignored);
    }
  }
  // What waits in accept() is woken by a connection.
  boost::system::error_code ignored;
  tcp::socket(io_).connect(acceptor_.local_endpoint(), ignored);
  accepting_.join();
  for (auto& each : serving_) each.join();
}

std::string front::address() const {
  return "127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port());
}

int front::logins() const {
  const std::lock_guard lock(mutex_);
  return static_cast<int>(tokens_.size());
}

std::vector<std::string> front::tokens() const {
  const std::lock_guard lock(mutex_);
  return tokens_;
}

std::multiset<std::string> front::deleted() const {
  const std::lock_guard lock(mutex_);
  return deleted_;
}

std::multiset<std::string> front::deleted_users() const {
  const std::lock_guard lock(mutex_);
  return deleted_users_;
}

void front::stick(const std::string& chat) {
  const std::lock_guard lock(mutex_);
  stuck_.insert(chat);
}

void front::let_go() {
  const std::lock_guard lock(mutex_);
  stuck_.clear();
}

void front::accept() {
  for (;;) {
    auto socket = std::make_shared<tcp::socket>(io_);
    boost::system::error_code error;
    acceptor_.accept(*socket, error);
    const std::lock_guard lock(mutex_);
    if (error || stopping_) return;
    sockets_.push_back(socket);
    serving_.emplace_back([this, socket] { serve(socket); });
  }
}

void front::serve(const std::shared_ptr<tcp::socket>& socket) {
  boost::beast::flat_buffer buffer;
  try {
    for (bool more = true; more;) {
      request asked;
      http::read(*socket, buffer, asked);
      more = asked.keep_alive();
      const std::string target(asked.target());
      answer out;
      if (asked.method() == http::verb::post && target == "/login") {
        const json::value said = json::parse(asked.body());
        const std::string user(said.at("user").as_string());
        std::string token = client::jwt::mint(conformance::selftest::faulty_backend::secret, user,
                                              client::jwt::wall_now(), std::chrono::hours(1));
        out = said.at("password").as_string() == "pw-" + user
                  ? with(asked, http::status::ok, json::serialize(json::object{{"session", {{"token", token}}}}))
                  : with(asked, http::status::forbidden, "{}");
        const std::lock_guard lock(mutex_);
        tokens_.push_back(std::move(token));
      } else if (asked.method() == http::verb::post && target == "/register") {
        out = with(asked, http::status::created, "{}");
      } else if (asked.method() == http::verb::delete_ && target.starts_with(users)) {
        const std::lock_guard lock(mutex_);
        deleted_users_.insert(target.substr(users.size()));
        out = with(asked, http::status::no_content, "");
      } else if (asked.method() == http::verb::delete_ && target.starts_with(chats)) {
        const std::string id = target.substr(chats.size());
        const std::lock_guard lock(mutex_);
        deleted_.insert(id);
        out = with(asked, stuck_.contains(id) ? http::status::internal_server_error : http::status::no_content, "");
      } else {
        out = from_behind(behind_, asked);
        out.keep_alive(more);
        out.prepare_payload();
      }
      http::write(*socket, out);
    }
  } catch (const std::exception&) {  // the client left
  }
  boost::system::error_code ignored;
  socket->shutdown(tcp::socket::shutdown_both, ignored);
}

}  // namespace cli::test
