package dev.modelsigning.cli;

import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The commands, such as {@code digest}, and those in groups, such as {@code verify key}. For all of
 * them picocli takes longer to find out what options they have than a small model takes to verify.
 * So it is shown no others than the one that is run.
 */
final class Commands {

  /** In the order of the help; a group stands before what is in it. */
  private static final Set<String> NAMES =
      new LinkedHashSet<>(
          List.of(
              "sign",
              "sign sigstore",
              "sign key",
              "sign certificate",
              "sign pkcs11-key",
              "sign pkcs11-certificate",
              "verify",
              "verify sigstore",
              "verify key",
              "verify certificate",
              "digest",
              "inspect",
              "generate-key",
              "pkcs11",
              "pkcs11 list",
              "pkcs11 public-key",
              "completion",
              "help"));

  /** They look at all others. */
  private static final Set<String> ABOUT_ALL = Set.of("completion", "help");

  private Commands() {}

  private static Object create(String name) {
    return switch (name) {
      case "sign" -> new SignCommand();
      case "sign sigstore" -> new SignSigstoreCommand();
      case "sign key" -> new SignKeyCommand();
      case "sign certificate" -> new SignCertificateCommand();
      case "sign pkcs11-key" -> new SignPkcs11KeyCommand();
      case "sign pkcs11-certificate" -> new SignPkcs11CertificateCommand();
      case "verify" -> new VerifyCommand();
      case "verify sigstore" -> new VerifySigstoreCommand();
      case "verify key" -> new VerifyKeyCommand();
      case "verify certificate" -> new VerifyCertificateCommand();
      case "digest" -> new DigestCommand();
      case "inspect" -> new InspectCommand();
      case "generate-key" -> new GenerateKeyCommand();
      case "pkcs11" -> new Pkcs11Command();
      case "pkcs11 list" -> new Pkcs11ListCommand();
      case "pkcs11 public-key" -> new Pkcs11PublicKeyCommand();
      case "completion" -> new CompletionCommand();
      case "help" -> new HelpCommand();
      default -> throw new IllegalArgumentException(name);
    };
  }

  /** Whether there is a command of this name; one in a group has both words. */
  static boolean exists(String name) {
    return NAMES.contains(name);
  }

  private static boolean isGroup(String name) {
    return NAMES.stream().anyMatch(each -> each.startsWith(name + " "));
  }

  /** All commands below the top. */
  static CommandLine all(ModelSigning top) {
    return tree(top, NAMES);
  }

  /** Below the top the one command that these arguments begin with; all if they do not. */
  static CommandLine named(ModelSigning top, String[] args) {
    if (args.length == 0) {
      return all(top);
    }
    String first = Underscores.toHyphens(args[0]);
    List<String> names = List.of(first);
    if (isGroup(first)) {
      names =
          args.length == 1
              ? List.of()
              : List.of(first, first + " " + Underscores.toHyphens(args[1]));
    }
    boolean enough = !names.isEmpty() && NAMES.containsAll(names) && !ABOUT_ALL.contains(first);
    return enough ? tree(top, names) : all(top);
  }

  /** The names of the options of all commands, of which the one that runs is one. */
  static Set<String> optionNames(CommandSpec running) {
    Set<String> names = new LinkedHashSet<>();
    addOptions(names, all(ModelSigning.of(running).unused()));
    return names;
  }

  private static void addOptions(Set<String> names, CommandLine command) {
    CommandSpec specification = command.getCommandSpec();
    for (OptionSpec option : specification.options()) {
      for (String name : option.names()) {
        names.add(name);
        if (option.negatable()) {
          names.add(specification.negatableOptionTransformer().makeNegative(name, specification));
        }
      }
    }
    command.getSubcommands().values().forEach(each -> addOptions(names, each));
  }

  /** A group with all its commands. */
  static CommandLine group(String name) {
    CommandLine group = new CommandLine(create(name));
    addBelow(name, group, NAMES);
    return group;
  }

  private static CommandLine tree(ModelSigning top, Collection<String> names) {
    CommandLine root = new CommandLine(top);
    for (String name : names) {
      if (name.indexOf(' ') < 0) {
        CommandLine command = new CommandLine(create(name));
        addBelow(name, command, names);
        root.addSubcommand(command);
      }
    }
    // Not before, so that they are the last options of all commands.
    root.getCommandSpec().mixinStandardHelpOptions(true);
    return root;
  }

  private static void addBelow(String group, CommandLine command, Collection<String> names) {
    for (String name : names) {
      if (name.startsWith(group + " ")) {
        command.addSubcommand(create(name));
      }
    }
  }
}
