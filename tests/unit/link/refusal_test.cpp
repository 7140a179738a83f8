// What is said where user namespaces are forbidden, on machines that are made up.
#include <gmock/gmock.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <fstream>

#include "proxy/link/namespace.hpp"

namespace rdpfault::link {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class Refusal : public testing::Test {
  protected:
    Refusal() : root(fs::temp_directory_path() / ("rdpfault-refusal-" + std::to_string(::getpid()))) {}
    ~Refusal() override { fs::remove_all(root); }
    void file(const std::string& name, const std::string& text) {
        fs::create_directories((root / name).parent_path());
        std::ofstream(root / name) << text << '\n';
    }
    std::string explain(int error) { return explain_refusal(error, (root / "proc").string(), (root / "sys").string()); }

    fs::path root;
};

TEST_F(Refusal, NamesTheSysctlOfDebian) {
    file("proc/sys/kernel/unprivileged_userns_clone", "0");
    EXPECT_THAT(explain(EPERM), HasSubstr("sysctl kernel.unprivileged_userns_clone=1"));
}

TEST_F(Refusal, NamesTheLimit) {
    file("proc/sys/user/max_user_namespaces", "0");
    EXPECT_THAT(explain(ENOSPC), HasSubstr("user.max_user_namespaces is 0"));
}

TEST_F(Refusal, NamesTheLimitThatIsUsedUp) {
    file("proc/sys/user/max_user_namespaces", "7");
    EXPECT_THAT(explain(ENOSPC), HasSubstr("as many exist"));
}

TEST_F(Refusal, NamesAppArmor) {
    file("proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1");
    EXPECT_THAT(explain(EACCES), HasSubstr("AppArmor"));
}

TEST_F(Refusal, NamesTheContainersProfile) {
    file("proc/self/status", "Name:\tx\nSeccomp:\t2");
    EXPECT_THAT(explain(EPERM), HasSubstr("seccomp"));
}

TEST_F(Refusal, NamesTheKernel) {
    EXPECT_THAT(explain(EINVAL), HasSubstr("CONFIG_USER_NS"));
}

}  // namespace
}  // namespace rdpfault::link
