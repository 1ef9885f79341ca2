#include "cli/target_writing.hpp"

#include "cli/command_error.hpp"
#include "harness/client/target/edit.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <system_error>

namespace cli {

namespace {

std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

/// A file beside another one, which goes when it was not put in its place.
class replacement {
 public:
  explicit replacement(std::filesystem::path of) : of_(std::move(of)) {
    name_ = (of_.parent_path() / fmt::format(".{}.XXXXXX", of_.filename().string())).string();
    descriptor_ = ::mkstemp(name_.data());
    if (descriptor_ < 0) fail();
  }
  ~replacement() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!placed_) ::unlink(name_.c_str());
  }
  replacement(const replacement&) = delete;
  replacement& operator=(const replacement&) = delete;

  void write(std::string_view text) {
    struct stat was {};
    if (::stat(of_.c_str(), &was) != 0 || ::fchmod(descriptor_, was.st_mode & 07777U) != 0) fail();
    if (::fchown(descriptor_, was.st_uid, was.st_gid) != 0 && errno != EPERM) fail();
    while (!text.empty()) {
      const ssize_t some = ::write(descriptor_, text.data(), text.size());
      if (some < 0 && errno != EINTR) fail();
      if (some > 0) text.remove_prefix(static_cast<std::size_t>(some));
    }
    if (::fsync(descriptor_) != 0) fail();
  }

  void place() {
    if (::rename(name_.c_str(), of_.c_str()) != 0) fail();
    placed_ = true;
  }

 private:
  [[noreturn]] void fail() const {
    throw usage_error(fmt::format("{} cannot be written: {}", of_.string(), std::generic_category().message(errno)));
  }

  std::filesystem::path of_;
  std::string name_;
  int descriptor_ = -1;
  bool placed_ = false;
};

}  // namespace

target_writing write_into(const target_choice& choice, const std::vector<client::doctor::measurement>& all,
                          const std::function<void(const target_choice&)>& judge) {
  target_writing out;
  target_choice changed = choice;
  for (const auto& each : all) {
    auto edited = client::put_value(changed.text, each.key, each.value);
    if (!edited) {
      out.left.push_back(fmt::format("{}: {}: {}", each.key, each.value, edited.error().clause));
      continue;
    }
    changed.text = std::move(*edited);
    out.done.push_back(each);
  }
  if (changed.text == choice.text) return out;
  judge(changed);
  std::error_code none;
  const auto path = std::filesystem::canonical(choice.name, none);  // a link stays one
  if (none) throw usage_error(fmt::format("{} is not there any more: nothing is written", choice.name));
  replacement made(path);
  made.write(changed.text);
  if (content_of(path) != choice.text) {
    throw usage_error(fmt::format("{} was changed meanwhile: nothing is written; run the command again", choice.name));
  }
  made.place();
  return out;
}

}  // namespace cli
