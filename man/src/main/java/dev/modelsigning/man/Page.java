package dev.modelsigning.man;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A command and its position in the tree of commands.
 *
 * @param command its declaration
 */
record Page(CommandSpec command) {

  /** The pages of a command and its subcommands, without hidden ones. */
  static List<Page> all(CommandSpec top) {
    List<Page> pages = new ArrayList<>(List.of(new Page(top)));
    new Page(top).below().forEach(each -> pages.addAll(all(each.command())));
    return pages;
  }

  /** The name of the page, such as {@code model-signing-verify-key}. */
  String name() {
    return command.qualifiedName("-");
  }

  /** The command line without arguments, such as {@code model-signing verify key}. */
  String typed() {
    return command.qualifiedName();
  }

  /** Whether it is the page of the program, which describes what all commands have in common. */
  boolean isTop() {
    return command.parent() == null;
  }

  /** The pages of the direct subcommands. */
  List<Page> below() {
    return command.subcommands().values().stream()
        .map(CommandLine::getCommandSpec)
        .filter(each -> !each.usageMessage().hidden())
        .map(Page::new)
        .toList();
  }

  /** The options that are not hidden. */
  List<OptionSpec> options() {
    return command.options().stream().filter(option -> !option.hidden()).toList();
  }

  /** Whether the command has one of these options; true for the program. */
  boolean has(String... options) {
    if (isTop()) {
      return true;
    }
    for (String option : options) {
      if (command.findOption(option) != null) {
        return true;
      }
    }
    return false;
  }

  /** The first word of the command. */
  String group() {
    return isTop() || command.parent().parent() == null ? command.name() : command.parent().name();
  }

  /** The pages for SEE ALSO: the parent, the subcommands, and the counterpart. */
  List<Page> related() {
    List<Page> pages = new ArrayList<>();
    for (CommandSpec each = command.parent(); each != null; each = each.parent()) {
      pages.add(0, new Page(each));
    }
    pages.addAll(below());
    counterpart().ifPresent(pages::add);
    return pages;
  }

  /**
   * The counterpart: the command that verifies for one that signs by the same method, and vice
   * versa.
   */
  private Optional<Page> counterpart() {
    String other = group().equals("sign") ? "verify" : group().equals("verify") ? "sign" : "";
    CommandLine found = command.root().subcommands().get(other);
    if (found != null && !command.name().equals(group())) {
      found = found.getSubcommands().get(command.name().replace("pkcs11-", ""));
    }
    return Optional.ofNullable(found).map(CommandLine::getCommandSpec).map(Page::new);
  }
}
