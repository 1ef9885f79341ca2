#include "harness/client/user/step_run.hpp"

#include "harness/client/user/paths.hpp"
#include "harness/client/user/step_request.hpp"

#include <fmt/format.h>

#include <boost/asio/post.hpp>

#include <utility>

namespace client {

class step_runner : public std::enable_shared_from_this<step_runner> {
 public:
  step_runner(step_work work, std::function<void(const step_outcome&)> done)
      : self_(work.self), peer_(work.peer), work_(std::move(work)), done_(std::move(done)) {
    io_ = &work_.self->io;
    target_ = work_.self->target;
    work_.self.reset();  // a user that goes takes its work with it
    work_.peer.reset();
  }

  void next() {
    const auto self = self_.lock();
    if (!self) return;
    if (at_ == work_.steps->size()) return finish("");
    const http_step& step = (*work_.steps)[at_];
    const auto peer = peer_.lock();
    const auto actor = step.as_peer ? peer : self;
    const auto other = step.as_peer ? self : peer;
    if (!actor) return finish(place_of(step) + ": there is no peer here");

    std::vector<local_variable> locals;
    if (work_.chat) {
      for (const auto& [name, value] : work_.chat->all()) locals.push_back({name, value.text, value.bare});
    }
    auto request = build_request(step, {.call = locals,
                                        .self = actor->own.get(),
                                        .peer = other ? other->own.get() : nullptr,
                                        .chat = work_.chat.get()});
    if (!request) return finish(fmt::format("{}: {}", place_of(step), request.error().clause));
    redirects_ = 0;
    send(actor, std::move(*request));
  }

 private:
  static constexpr int most_redirects = 5;

  static std::string place_of(const http_step& step) {
    return step.at.line > 0 ? fmt::format("{} ({}:{})", step.where, step.at.file, step.at.line) : step.where;
  }

  void send(const std::shared_ptr<user::state>& actor, http::request request) {
    const std::string path = request.target;
    const std::string method = request.method;
    auto answered = [self = shared_from_this(), weak = std::weak_ptr(actor), method, path](http::exchange exchange) {
      if (const auto alive = weak.lock()) self->on_answer(alive, method, path, std::move(exchange));
    };
    if (work_.bare) {
      actor->send_bare(std::move(request), std::move(answered), target_->patience);
    } else {
      actor->send(std::move(request), std::move(answered), work_.with);
    }
  }

  void on_answer(const std::shared_ptr<user::state>& actor, const std::string& method, const std::string& path,
                 http::exchange exchange) {
    const http_step& step = (*work_.steps)[at_];
    out_.last = std::move(exchange);
    const auto told = [&] { return fmt::format("{}: {} {} was answered ", place_of(step), method, path); };
    if (!out_.last.answered()) {
      return finish(fmt::format("{}: {} {}: {}", place_of(step), method, path, out_.last.summary()));
    }
    const auto location = out_.last.find("Location");
    if (step.follow_redirects && out_.last.status >= 300 && out_.last.status < 400 && location) {
      if (++redirects_ > most_redirects) return finish(told() + "by one redirect after the other");
      auto there = follow(*target_, path, *location);
      if (!there) return finish(told() + std::string("with a redirect, but ") + there.error().clause);
      return send(actor, {.method = "GET", .target = std::move(*there)});
    }
    if (work_.gone_is_well && (out_.last.status == 404 || out_.last.status == 410)) {
      out_.gone = true;
      ++at_;
      return next();
    }
    if (!step.accepts(out_.last.status)) {
      std::string expected;
      for (const int each : step.expect) expected += fmt::format("{}{}", expected.empty() ? "" : " or ", each);
      return finish(told() + fmt::format("{}, expected {}", summary(out_.last, ""),
                                         expected.empty() ? std::string("a success (2xx)") : expected));
    }
    if (work_.into) {
      const auto taken = take_captures(step.takes, out_.last, actor->cookies, *work_.into);
      if (!taken) return finish(told() + fmt::format("{}, but {}", out_.last.status, taken.error().clause));
    }
    ++at_;
    next();
  }

  void finish(std::string problem) {
    out_.problem = std::move(problem);
    // Never from inside of the call that asked for it.
    asio::post(*io_, [self = shared_from_this()] {
      if (self->self_.lock()) self->done_(self->out_);
    });
  }

  std::weak_ptr<user::state> self_;
  std::weak_ptr<user::state> peer_;
  step_work work_;
  asio::io_context* io_ = nullptr;
  std::shared_ptr<const client::target> target_;
  std::function<void(const step_outcome&)> done_;
  std::size_t at_ = 0;
  int redirects_ = 0;
  step_outcome out_;
};

void run_steps(step_work work, std::function<void(const step_outcome&)> done) {
  std::make_shared<step_runner>(std::move(work), std::move(done))->next();
}

}  // namespace client
