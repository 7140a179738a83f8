#include "harness/private_file.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

namespace rdpfault::harness::test {
namespace {

class PrivateFiles : public testing::Test {
  protected:
    void SetUp() override {
        std::string folder = testing::TempDir() + "private_file_XXXXXX";
        ASSERT_NE(mkdtemp(folder.data()), nullptr);
        folder_ = folder;
    }
    void TearDown() override { std::filesystem::remove_all(folder_); }

    static std::string text_of(const std::string& path) {
        std::stringstream text;
        text << std::ifstream(path).rdbuf();
        return text.str();
    }
    static int mode_of(const std::string& path) {
        struct stat entry {};
        EXPECT_EQ(stat(path.c_str(), &entry), 0);
        return static_cast<int>(entry.st_mode & 07777U);
    }
    std::string path() const { return folder_ + "/key"; }
    void make_public() const {
        std::ofstream(path()) << "old ";
        std::filesystem::permissions(path(), std::filesystem::perms(0644));
    }

    std::string folder_;
};

TEST_F(PrivateFiles, AreForTheirOwner) {
    write_private(path(), "secret");
    EXPECT_EQ(text_of(path()), "secret");
    EXPECT_EQ(mode_of(path()), 0600);
}

TEST_F(PrivateFiles, TakeThePlaceOfPublicOnes) {
    make_public();
    std::ifstream reader(path());
    write_private(path(), "secret");
    EXPECT_EQ(text_of(path()), "secret");
    EXPECT_EQ(mode_of(path()), 0600);
    std::stringstream seen;
    seen << reader.rdbuf();
    EXPECT_EQ(seen.str(), "old ") << "who had the old file open sees nothing of the new one";
}

TEST_F(PrivateFiles, GrowAndAreMadePrivate) {
    make_public();
    PrivateFile file(path(), PrivateFile::Mode::append);
    EXPECT_TRUE(file.write("one "));
    EXPECT_TRUE(file.write("two"));
    EXPECT_EQ(text_of(path()), "old one two");
    EXPECT_EQ(mode_of(path()), 0600);
}

TEST_F(PrivateFiles, SayWhereTheyCannotBe) {
    try {
        write_private(folder_ + "/no/such/folder", "secret");
        FAIL();
    } catch (const std::runtime_error& error) {
        EXPECT_EQ(error.what(), "cannot write '" + folder_ + "/no/such/folder': No such file or directory");
    }
}

TEST_F(PrivateFiles, SayWhenTheDiskIsFull) {
    EXPECT_FALSE(PrivateFile("/dev/full", PrivateFile::Mode::append).write("secret"));
}

}  // namespace
}  // namespace rdpfault::harness::test
