// The keys of a target file: which there are, what each may hold. One function per block of the file.
#pragma once

#include "harness/client/target/reader.hpp"
#include "harness/client/target/target.hpp"

namespace client {

// Fills `out`; a problem is left in `read`.
void read_target(reader& read, const tree& root, target& out);

void read_socket(reader& read, const tree& node, socket_description& out);
void read_login(reader& read, const tree& node, jwt_login& out);
void read_delivery(reader& read, const tree& node, delivery_rules& out);
void read_allow(reader& read, const tree& node, allowance& out);

// Notations that several blocks use.
std::chrono::milliseconds read_duration(reader& read, const tree& node, std::string_view where);
void read_urls(reader& read, const tree& node, std::string_view where, std::string_view scheme, bool or_one,
               std::vector<url>& out);

}  // namespace client
