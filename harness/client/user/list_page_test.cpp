#include "harness/client/user/list_page.hpp"

#include <gtest/gtest.h>

namespace client {
namespace {

TEST(PlainOfHtml, WhatAPersonReads) {
  EXPECT_EQ(plain_of_html("a &lt;b&gt; &amp;amp; &#39;x&#x27; &quot;"), "a <b> &amp; 'x' \"");
  EXPECT_EQ(plain_of_html("<p>one<br/>two</p><p>three</p>"), "one\ntwo\nthree");
  EXPECT_EQ(plain_of_html("5 < 6 &unknown; &"), "5 < 6 &unknown; &");
}

}  // namespace
}  // namespace client
