#include "reference-server/api/write_queue.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace api {
namespace {

using namespace std::chrono_literals;
using step = write_queue::step;
using chats = std::vector<std::int64_t>;
using tickets = std::vector<std::uint64_t>;

// A queue with a hand-driven clock; tickets count up from 1.
class WriteQueueTest : public testing::Test {
 protected:
  void add(std::int64_t chat, int times = 1) {
    for (int i = 0; i < times; ++i) {
      EXPECT_TRUE(queue_.admit({++last_, chat, "a", "b", {}, {}}, now_));
    }
  }
  tickets sent() const {
    tickets list;
    for (const post& row : queue_.current().rows) {
      list.push_back(row.ticket);
    }
    return list;
  }
  static tickets of(const std::vector<post>& rows) {
    tickets list;
    for (const post& row : rows) {
      list.push_back(row.ticket);
    }
    return list;
  }
  // Commits the batch in flight with these locks; gives the tickets that are settled.
  tickets commit(const chats& had) {
    tickets list;
    for (std::size_t place : queue_.committed(had, now_)) {
      list.push_back(queue_.current().rows[place].ticket);
    }
    queue_.finished();
    return list;
  }
  // Brings chat 7 to where its lock was refused and its wait timed out; ticket 1 waits.
  void make_chat_7_stuck() {
    add(7);
    ASSERT_EQ(queue_.next(now_), step::batch);
    EXPECT_EQ(commit({}), tickets{});
    ASSERT_EQ(queue_.next(now_), step::batch);
    EXPECT_EQ(queue_.current().waited, chats{7});
    queue_.wait_timed_out(now_);
  }

  write_queue queue_;
  write_queue::time_point now_{1000s};
  std::uint64_t last_ = 0;
};

TEST_F(WriteQueueTest, WhatWaitsIsOneBatchInOrder) {
  EXPECT_EQ(queue_.next(now_), step::nothing);
  add(5);
  add(3, 2);
  add(5);
  EXPECT_EQ(queue_.waiting(), 4U);
  ASSERT_EQ(queue_.next(now_), step::batch);
  EXPECT_TRUE(queue_.in_flight());
  EXPECT_EQ(queue_.waiting(), 0U);
  EXPECT_EQ(sent(), (tickets{1, 2, 3, 4}));
  EXPECT_EQ(queue_.current().tried, (chats{3, 5}));
  EXPECT_EQ(queue_.current().waited, chats{});
  add(4);
  EXPECT_EQ(commit({3, 5}), (tickets{1, 2, 3, 4}));
  ASSERT_EQ(queue_.next(now_), step::batch);
  EXPECT_EQ(sent(), tickets{5});
}

TEST_F(WriteQueueTest, LocksAreGivenBackOnceWhenNothingWaits) {
  add(1);
  ASSERT_EQ(queue_.next(now_), step::batch);
  EXPECT_EQ(commit({1}), tickets{1});
  ASSERT_EQ(queue_.next(now_), step::give_back);
  EXPECT_TRUE(queue_.in_flight());
  queue_.finished();
  EXPECT_EQ(queue_.next(now_), step::nothing);
  EXPECT_FALSE(queue_.in_flight());
}

TEST_F(WriteQueueTest, BatchesAndTheQueueAreBounded) {
  add(1, 4096);
  EXPECT_FALSE(queue_.admit({++last_, 1, "a", "b", {}, {}}, now_));
  ASSERT_EQ(queue_.next(now_), step::batch);
  EXPECT_EQ(queue_.current().rows.size(), 256U);
  EXPECT_EQ(queue_.waiting(), 4096U - 256U);
  add(1, 256);
  EXPECT_FALSE(queue_.admit({++last_, 1, "a", "b", {}, {}}, now_));
}

TEST_F(WriteQueueTest, ARefusedChatIsWaitedForInTheNextBatchOnly) {
  add(1);
  add(2, 2);
  add(3);
  ASSERT_EQ(queue_.next(now_), step::batch);
  add(2);
  add(4);
  EXPECT_EQ(commit({1, 3}), (tickets{1, 4}));
  ASSERT_EQ(queue_.next(now_), step::batch);
  EXPECT_EQ(sent(), (tickets{2, 3, 5, 6})) << "refused rows stand at the head, in their order";
  EXPECT_EQ(queue_.current().waited, chats{2});
  EXPECT_EQ(queue_.current().tried, chats{4});
  EXPECT_EQ(commit({2, 4}), (tickets{2, 3, 5, 6}));
  add(2);
  ASSERT_EQ(queue_.next(now_), step::batch);
  EXPECT_EQ(queue_.current().tried, chats{2});
}

TEST_F(WriteQueueTest, AStuckChatIsTriedEvery20MsWhileTheRestGoesOn) {
  make_chat_7_stuck();
  add(8);
  add(7);
  ASSERT_EQ(queue_.next(now_), step::batch);
  EXPECT_EQ(sent(), tickets{2});
  EXPECT_EQ(commit({8}), tickets{2});
  EXPECT_EQ(queue_.next(now_), step::give_back) << "nothing that may be sent waits: others get the locks";
  queue_.finished();
  EXPECT_EQ(queue_.next(now_), step::nothing);
  EXPECT_EQ(queue_.wake(), now_ + 20ms);
  now_ += 19ms;
  EXPECT_EQ(queue_.next(now_), step::nothing);
  now_ += 1ms;
  add(8);
  ASSERT_EQ(queue_.next(now_), step::batch);
  EXPECT_EQ(sent(), (tickets{1, 4})) << "one row finds out whether the lock can be had";
  EXPECT_EQ(queue_.current().waited, chats{}) << "a stuck chat is never waited for";
  EXPECT_EQ(queue_.current().tried, (chats{7, 8}));
  EXPECT_EQ(commit({8}), tickets{4});
  now_ += 20ms;
  ASSERT_EQ(queue_.next(now_), step::batch);
  EXPECT_EQ(sent(), tickets{1});
  EXPECT_EQ(commit({7}), tickets{1});
  ASSERT_EQ(queue_.next(now_), step::batch) << "had once, it is a chat like others";
  EXPECT_EQ(sent(), tickets{3});
  EXPECT_EQ(queue_.wake(), std::nullopt);
}

TEST_F(WriteQueueTest, AStuckChatsRowsAreGivenUpAfterASecondOfTheirOwn) {
  const auto refused_at = now_;
  make_chat_7_stuck();
  now_ += 500ms;
  add(7);
  EXPECT_TRUE(queue_.expire(refused_at + 999ms).empty());
  EXPECT_EQ(of(queue_.expire(refused_at + 1000ms)), tickets{1});
  EXPECT_TRUE(queue_.expire(refused_at + 1499ms).empty());
  EXPECT_EQ(of(queue_.expire(refused_at + 1500ms)), tickets{2});
  EXPECT_EQ(queue_.waiting(), 0U);
  now_ = refused_at + 2s;
  EXPECT_EQ(queue_.next(now_), step::give_back);
  queue_.finished();
  // It is remembered: a new row does not make the others wait for its lock again.
  add(7);
  add(8);
  ASSERT_EQ(queue_.next(now_), step::batch);
  EXPECT_EQ(queue_.current().waited, chats{});
  EXPECT_EQ(commit({8}), tickets{4});
  // But not for ever.
  EXPECT_EQ(of(queue_.expire(now_ + 1s)), tickets{3});
  queue_.expire(now_ + 11s);
  now_ += 11s;
  add(7);
  ASSERT_EQ(queue_.next(now_), step::batch);
  EXPECT_EQ(commit({}), tickets{});
  ASSERT_EQ(queue_.next(now_), step::batch);
  EXPECT_EQ(queue_.current().waited, chats{7});
}

TEST_F(WriteQueueTest, ATimedOutWaitStoresNothingAndKeepsAllRows) {
  add(7, 2);
  ASSERT_EQ(queue_.next(now_), step::batch);
  commit({});
  add(8);
  add(7);
  ASSERT_EQ(queue_.next(now_), step::batch);
  EXPECT_EQ(sent(), (tickets{1, 2, 3, 4}));
  add(7);
  queue_.wait_timed_out(now_);
  EXPECT_EQ(queue_.waiting(), 5U);
  ASSERT_EQ(queue_.next(now_), step::batch);
  EXPECT_EQ(sent(), tickets{3});
  commit({8});
  EXPECT_EQ(of(queue_.drop_all()), (tickets{1, 2, 4, 5})) << "in their order";
  EXPECT_EQ(queue_.waiting(), 0U);
}

TEST_F(WriteQueueTest, AFailedBatchIsHalvedUntilTheGuiltyRowStandsAlone) {
  add(1, 7);
  const std::uint64_t guilty = 5;
  tickets stored;
  tickets given_up;
  for (int batches = 0; queue_.waiting() > 0; ++batches) {
    ASSERT_LT(batches, 20);
    ASSERT_EQ(queue_.next(now_), step::batch);
    const tickets now_sent = sent();
    if (std::count(now_sent.begin(), now_sent.end(), guilty) == 0) {
      const tickets done = commit({1});
      stored.insert(stored.end(), done.begin(), done.end());
    } else if (auto row = queue_.failed()) {
      given_up.push_back(row->ticket);
    }
  }
  EXPECT_EQ(stored, (tickets{1, 2, 3, 4, 6, 7}));
  EXPECT_EQ(given_up, tickets{guilty});
}

TEST_F(WriteQueueTest, HalvesGoBeforeWhatWaitsAndOneAtATime) {
  add(1, 2);
  ASSERT_EQ(queue_.next(now_), step::batch);
  add(2);
  EXPECT_FALSE(queue_.failed());
  EXPECT_EQ(queue_.waiting(), 3U);
  ASSERT_EQ(queue_.next(now_), step::batch);
  EXPECT_EQ(sent(), tickets{1});
  EXPECT_EQ(commit({1}), tickets{1});
  ASSERT_EQ(queue_.next(now_), step::batch);
  EXPECT_EQ(sent(), tickets{2});
  EXPECT_EQ(commit({1}), tickets{2});
  ASSERT_EQ(queue_.next(now_), step::batch);
  EXPECT_EQ(sent(), tickets{3});
}

TEST_F(WriteQueueTest, ALostBatchIsNeverSentAgain) {
  add(1, 2);
  ASSERT_EQ(queue_.next(now_), step::batch);
  add(1);
  EXPECT_EQ(of(queue_.lost()), (tickets{1, 2}));
  EXPECT_EQ(of(queue_.drop_all()), tickets{3});
  EXPECT_EQ(queue_.next(now_), step::nothing) << "no locks are left to give back";
}

TEST_F(WriteQueueTest, ManyStuckChatsDoNotFillEveryBatch) {
  for (std::int64_t chat = 1; chat <= 300; ++chat) {
    add(chat);
  }
  while (queue_.next(now_) == step::batch) {
    if (queue_.current().waited.empty()) {
      commit({});
    } else {
      queue_.wait_timed_out(now_);
    }
  }
  queue_.finished();
  EXPECT_EQ(queue_.waiting(), 300U);
  add(1000);
  ASSERT_EQ(queue_.next(now_), step::batch);
  EXPECT_EQ(sent(), tickets{301});
  commit({1000});
  now_ += 20ms;
  ASSERT_EQ(queue_.next(now_), step::batch);
  EXPECT_EQ(queue_.current().rows.size(), 256U);
}

}  // namespace
}  // namespace api
