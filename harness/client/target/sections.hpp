// The keys of a target file: which there are, what each may hold. One function per block of the file.
#pragma once

#include "harness/client/target/reader.hpp"
#include "harness/client/target/target.hpp"

namespace client {

// Fills `out`; a problem is left in `read`.
void read_target(reader& read, const tree& root, target& out);

void read_socket(reader& read, const tree& node, socket_description& out);
void read_users(reader& read, const tree& node, users_description& out);
void read_login(reader& read, const tree& node, login_description& out);
void read_rest(reader& read, const tree& node, rest_description& out);
void read_errors(reader& read, const tree& node, error_rules& out);
void read_delivery(reader& read, const tree& node, delivery_rules& out);
void read_allow(reader& read, const tree& node, allowance& out);

// Notations that several blocks use.
std::vector<reader::key> step_keys(reader& read, const std::string& where, http_step& out);
http_step read_http_step(reader& read, const tree& node, const std::string& where);
http_steps read_http_steps(reader& read, const tree& node, const std::string& where);
conditions read_conditions(reader& read, const tree& node, const std::string& where);
// From an answer, or from a frame, which has neither cookies nor headers.
captures read_captures(reader& read, const tree& node, const std::string& where, bool from_frame);
// Names and templates; nothing for a name that is given as null.
std::vector<std::pair<std::string, std::optional<text_template>>> read_named(reader& read, const tree& node,
                                                                             std::string_view where, encoding around);
// One number or a list of them.
std::vector<int> read_numbers(reader& read, const tree& node, std::string_view where, int least, int most);
std::chrono::milliseconds read_duration(reader& read, const tree& node, std::string_view where);
void read_urls(reader& read, const tree& node, std::string_view where, std::string_view scheme, bool or_one,
               std::vector<url>& out);

}  // namespace client
