#include "conformance/selftest/faulty/router.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

namespace faulty {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class Ear final : public Subscriber {
 public:
  void deliver(const Frame& frame) override {
    heard.push_back(boost::json::parse(*frame).at("data").at("id").as_int64());
  }
  const std::string& peer() const override { return name; }

  std::vector<std::int64_t> heard;
  std::string name = "127.0.0.1:1";
};

Publication to(const std::string& recipient, std::int64_t id) {
  return {std::make_shared<const Message>(Message{id, 1, "alice", recipient, "x", 0}), static_cast<std::uint64_t>(id)};
}

TEST(Router, ASocketGetsWhatIsPublishedAfterItsPosition) {
  Faults faults(1);
  Router router(faults);
  Ear early, late;
  router.attach("bob", early, 0);
  router.attach("bob", late, 1);  // position 1 is published but not routed yet
  router.route(to("bob", 1));
  router.route(to("bob", 2));
  EXPECT_THAT(early.heard, ElementsAre(1, 2));
  EXPECT_THAT(late.heard, ElementsAre(2));
}

TEST(Router, DetachingOneSocketLeavesTheOthers) {
  Faults faults(1);
  Router router(faults);
  Ear first, second, eve;
  router.attach("bob", first, 0);
  router.attach("bob", second, 0);
  router.attach("eve", eve, 0);
  router.detach("bob", first);
  router.detach("bob", first);
  router.route(to("bob", 1));
  EXPECT_THAT(first.heard, IsEmpty());
  EXPECT_THAT(second.heard, ElementsAre(1));
  router.detach("bob", second);
  router.route(to("bob", 2));
  EXPECT_THAT(second.heard, ElementsAre(1));
  EXPECT_THAT(eve.heard, IsEmpty());
}

}  // namespace
}  // namespace faulty
