package dev.modelsigning.man;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * A command and where it stands among the others.
 *
 * @param command what it says of itself
 */
record Page(CommandSpec command) {

  /** Pages of a command and of all below it, without those that are hidden. */
  static List<Page> all(CommandSpec top) {
    List<Page> pages = new ArrayList<>(List.of(new Page(top)));
    new Page(top).below().forEach(each -> pages.addAll(all(each.command())));
    return pages;
  }

  /** The name of the page, such as {@code model-signing-verify-key}. */
  String name() {
    return command.qualifiedName("-");
  }

  /** The command as it is typed, such as {@code model-signing verify key}. */
  String typed() {
    return command.qualifiedName();
  }

  /** Whether it is the page of the program, which has what all commands have. */
  boolean isTop() {
    return command.parent() == null;
  }

  /** The pages directly below. */
  List<Page> below() {
    return command.subcommands().values().stream()
        .map(CommandLine::getCommandSpec)
        .filter(each -> !each.usageMessage().hidden())
        .map(Page::new)
        .toList();
  }

  /** The options that are shown. */
  List<OptionSpec> options() {
    return command.options().stream().filter(option -> !option.hidden()).toList();
  }

  /** Whether the command has one of these options; the program has them all. */
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

  /** Pages that a reader of this one may look for: those above, below, and of the other side. */
  List<Page> related() {
    List<Page> pages = new ArrayList<>();
    for (CommandSpec each = command.parent(); each != null; each = each.parent()) {
      pages.add(0, new Page(each));
    }
    pages.addAll(below());
    counterpart().ifPresent(pages::add);
    return pages;
  }

  /** Of signing the verifying by the same method, and the reverse. */
  private Optional<Page> counterpart() {
    String other = group().equals("sign") ? "verify" : group().equals("verify") ? "sign" : "";
    CommandLine found = command.root().subcommands().get(other);
    if (found != null && !command.name().equals(group())) {
      found = found.getSubcommands().get(command.name().replace("pkcs11-", ""));
    }
    return Optional.ofNullable(found).map(CommandLine::getCommandSpec).map(Page::new);
  }
}
