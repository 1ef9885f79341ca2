// The families of requirements, one file each; requirements.cpp joins them.
#pragma once

#include "conformance/contract/requirement.hpp"

#include <vector>

namespace conformance {

std::vector<requirement> chat_requirements();        // CHAT: REST chats
std::vector<requirement> message_requirements();     // MSG: REST messages
std::vector<requirement> access_requirements();      // AUTH: identity and access
std::vector<requirement> validation_requirements();  // VAL: input that is none
std::vector<requirement> page_requirements();        // PAGE: histories in pages
std::vector<requirement> realtime_requirements();    // RT: delivery to connected recipients
std::vector<requirement> offline_requirements();     // OFF: drop when offline, history keeps
std::vector<requirement> lifecycle_requirements();   // LIFE: connecting, leaving, coming back
std::vector<requirement> device_requirements();      // DEV: several sockets of a user
std::vector<requirement> isolation_requirements();   // ISO: nobody else gets it
std::vector<requirement> socket_requirements();      // SOCK: what sockets may carry

}  // namespace conformance
