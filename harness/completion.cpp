#include "harness/completion.hpp"

#include <CLI/App.hpp>
#include <map>
#include <vector>

#include "harness/advice.hpp"
#include "harness/causes.hpp"
#include "protocol/stage.hpp"

namespace rdpfault::harness {

namespace {

struct Command {
    std::string name;
    std::string summary;
    std::vector<std::pair<std::string, std::string>> options;  // "--seed", what it is
    std::string words;                                         // what may stand there besides options; empty: files
};

// Values that are words of ours, not files or numbers.
const std::map<std::string, std::string>& option_words() {
    static const std::map<std::string, std::string> words{{"--format", "table plain json"},
                                                          {"--color", "auto always never"},
                                                          {"--client", "probe xfreerdp command"},
                                                          {"--security", "tls nla negotiate"},
                                                          {"--nla-package", "ntlm negotiate kerberos"},
                                                          {"--arm", "control fault fix"}};
    return words;
}

std::string positional_words(const std::string& command) {
    if (command == "completion") return "bash zsh fish";
    if (command != "explain") return {};
    std::string words;
    for (const auto& cause : causes())
        words += std::string(cause.id) + ' ';
    for (const auto& stage : stages())
        words += std::string(stage.name) + ' ';
    for (const auto& advice : all_advice())
        words += std::string(advice.id) + ' ';
    words += "advice ";
    return words;
}

std::vector<Command> commands_of(const CLI::App& app) {
    std::vector<Command> commands;
    for (const auto* sub : app.get_subcommands([](const CLI::App*) { return true; })) {
        Command command{sub->get_name(), sub->get_description(), {}, positional_words(sub->get_name())};
        for (const auto* option : sub->get_options())
            for (const auto& name : option->get_lnames())
                command.options.emplace_back("--" + name, option->get_description());
        commands.push_back(std::move(command));
    }
    return commands;
}

// For the shells' single quotes.
std::string in_quotes(const std::string& text) {
    std::string out = "'";
    for (const char c : text)
        out += c == '\'' ? std::string("'\\''") : std::string(1, c);
    return out + "'";
}

std::string bash(const std::vector<Command>& commands) {
    std::string names, cases, values;
    for (const auto& command : commands) {
        names += command.name + ' ';
        std::string options;
        for (const auto& [name, summary] : command.options)
            options += name + ' ';
        cases += "        " + command.name + ") options=" + in_quotes(options) + "; words=" + in_quotes(command.words) +
                 " ;;\n";
    }
    for (const auto& [option, words] : option_words())
        values +=
            "        " + option + ") COMPREPLY=($(compgen -W " + in_quotes(words) + " -- \"$word\")); return ;;\n";
    return "_rdpfault() {\n"
           "    local word=\"${COMP_WORDS[COMP_CWORD]}\" before=\"${COMP_WORDS[COMP_CWORD-1]}\" options= words=\n"
           "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n"
           "        COMPREPLY=($(compgen -W " +
           in_quotes(names + "--help --version") +
           " -- \"$word\"))\n"
           "        return\n"
           "    fi\n"
           "    case \"$before\" in\n" +
           values +
           "    esac\n"
           "    case \"${COMP_WORDS[1]}\" in\n" +
           cases +
           "    esac\n"
           "    if [[ \"$word\" == -* ]]; then\n"
           "        COMPREPLY=($(compgen -W \"$options\" -- \"$word\"))\n"
           "    elif [ -n \"$words\" ]; then\n"
           "        COMPREPLY=($(compgen -W \"$words\" -- \"$word\"))\n"
           "    else\n"
           "        compopt -o filenames 2>/dev/null\n"
           "        COMPREPLY=($(compgen -f -- \"$word\"))\n"
           "    fi\n"
           "}\n"
           "complete -F _rdpfault rdpfault\n";
}

// zsh reads bash's completions; only the names of the commands are worth a native list.
std::string zsh(const std::vector<Command>& commands) {
    return "#compdef rdpfault\nautoload -U +X compinit && compinit -u\nautoload -U +X bashcompinit && bashcompinit\n" +
           bash(commands);
}

std::string fish(const std::vector<Command>& commands) {
    std::string text;
    for (const auto& command : commands) {
        text += "complete -c rdpfault -n __fish_use_subcommand -f -a " + command.name + " -d " +
                in_quotes(command.summary) + '\n';
        const auto here = "complete -c rdpfault -n '__fish_seen_subcommand_from " + command.name + "' ";
        if (!command.words.empty()) text += here + "-f -a " + in_quotes(command.words) + '\n';
        for (const auto& [name, summary] : command.options) {
            const auto words = option_words().find(name);
            text += here + "-l " + name.substr(2) + " -d " + in_quotes(summary);
            if (words != option_words().end()) text += " -x -a " + in_quotes(words->second);
            text += '\n';
        }
    }
    return text;
}

}  // namespace

std::string completion_script(const CLI::App& app, const std::string& shell) {
    const auto commands = commands_of(app);
    if (shell == "zsh") return zsh(commands);
    if (shell == "fish") return fish(commands);
    return bash(commands);
}

}  // namespace rdpfault::harness
