// What README.md says about memory: by the size of the structures, by what stays open, and by the heap itself.
#include "harness/ledger/live/delivery_rules.hpp"
#include "harness/ledger/live/live_ledger.hpp"
#include "harness/ledger/live/recent_events.hpp"
#include "harness/ledger/live/roster.hpp"

#include <gtest/gtest.h>
#include <malloc.h>

#include <string>
#include <vector>

namespace ledger {
namespace {

static_assert(sizeof(live::known_user) == 8);
static_assert(sizeof(live::known_chat) <= 104);
static_assert(sizeof(live::lane) <= 72);
static_assert(sizeof(live::open_socket) <= 80);
static_assert(sizeof(live::message_record) <= 160);
static_assert(sizeof(live::message_window) <= 56);
static_assert(sizeof(live::raw_event) == 48);

constexpr std::uint32_t chats = 100;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool heap_is_ours = false;
#else
constexpr bool heap_is_ours = true;
#endif

class crowd {
 public:
  crowd() : book("test1", {}, {0, 2 * chats, 0, chats}, {100, 100, 0}) {
    for (std::uint32_t i = 0; i < chats; ++i) {
      book.chat(chat_id{i}, user_id{2 * i}, user_id{2 * i + 1});
    }
  }
  void connect() {
    for (std::uint32_t i = 0; i < 2 * chats; ++i) {
      sockets.push_back(book.socket_started(now, user_id{i}));
      book.socket_ready(now, sockets.back());
    }
  }
  message_key post(std::uint32_t chat) {
    now += std::chrono::milliseconds(1);
    const auto key = book.next_message(chat_id{chat}, user_id{2 * chat});
    book.sent(now, key);
    return key;
  }
  void ack(const message_key& key) { book.answered(now, key, outcome::acked, std::to_string(++last_id)); }
  void show(const message_key& key) {
    book.frame(now, sockets[static_cast<std::uint32_t>(key.sender) + 1], std::to_string(last_id + 1),
               book.body(key, now, ""));
  }
  std::size_t heap() const { return mallinfo2().uordblks; }

  live_ledger book;
  std::vector<live_socket> sockets;
  instant now{};
  std::uint64_t last_id = 0;
};

TEST(Memory, DeliveredMessagesLeaveNothing) {
  crowd run;
  run.connect();
  const auto some = [&](int messages) {
    for (int i = 0; i < messages; ++i) {
      const auto key = run.post(static_cast<std::uint32_t>(i) % chats);
      run.show(key);
      run.ack(key);
    }
  };
  some(1'000);
  const auto before = run.heap();
  some(50'000);
  EXPECT_EQ(run.book.in_flight(), 0U);
  EXPECT_EQ(run.book.counts().totals.delivered, 51'000U);
  if (heap_is_ours) {
    EXPECT_LE(run.heap(), before + 1'000);
  }
}

TEST(Memory, OfflineMessagesLeaveNothing) {
  crowd run;
  const auto some = [&](int messages) {
    for (int i = 0; i < messages; ++i) {
      run.ack(run.post(static_cast<std::uint32_t>(i) % chats));
    }
  };
  some(1'000);
  const auto before = run.heap();
  some(50'000);
  EXPECT_EQ(run.book.in_flight(), 0U);
  EXPECT_EQ(run.book.counts().offline, 51'000U);
  if (heap_is_ours) {
    EXPECT_LE(run.heap(), before + 1'000);
  }
}

TEST(Memory, RefusedMessagesTakeTwelveBytesARun) {
  crowd run;
  const auto some = [&](int messages) {
    for (int i = 0; i < messages; ++i) {
      const auto key = run.post(static_cast<std::uint32_t>(i) % chats);
      run.book.answered(run.now, key, outcome::refused, "");
    }
  };
  some(1'000);
  const auto before = run.heap();
  some(50'000);
  EXPECT_EQ(run.book.in_flight(), 0U);
  if (heap_is_ours) {
    EXPECT_LE(run.heap(), before + 1'000);
  }
}

TEST(Memory, ATargetThatDeliversNothingIsBoundedToo) {
  crowd run;
  run.connect();
  for (int i = 0; i < 60'000; ++i) {
    run.ack(run.post(static_cast<std::uint32_t>(i) % 10));
    if (i % 100 == 0) {
      run.book.drained(run.now);
    }
  }
  // Ten directions, each with 256 that linger and with those of the last ten seconds, a thousand in each.
  EXPECT_LE(run.book.in_flight(), 10U * 256 + 10'100);
  EXPECT_GT(run.book.counts().forgotten, 40'000U);
  EXPECT_GE(run.book.counts().of(finding_class::lost), 49'900U);
  // What was forgotten accuses nobody when it comes after all.
  const auto late = message_key{chat_id{0}, user_id{0}, 1};
  const auto duplicated = run.book.counts().of(finding_class::duplicated);
  run.show(late);
  EXPECT_EQ(run.book.counts().of(finding_class::duplicated), duplicated);
  EXPECT_EQ(run.book.counts().of(finding_class::replayed), 0U);
}

TEST(Memory, SocketsThatComeAndGoLeaveNothing) {
  crowd run;
  const auto some = [&](int rounds) {
    for (int i = 0; i < rounds; ++i) {
      run.sockets.clear();
      run.connect();
      for (std::uint32_t chat = 0; chat < chats; chat += 7) {
        const auto key = run.post(chat);
        run.show(key);
        run.ack(key);
      }
      for (const auto socket : run.sockets) {
        run.book.socket_ended(run.now, socket, ending::closed_by_us);
        run.book.socket_gone(run.now, socket);
      }
    }
  };
  some(10);
  const auto before = run.heap();
  some(100);
  EXPECT_EQ(run.book.in_flight(), 0U);
  EXPECT_TRUE(run.book.findings().empty());
  if (heap_is_ours) {
    EXPECT_LE(run.heap(), before + 1'000);
  }
}

}  // namespace
}  // namespace ledger
