package dev.modelsigning.cli;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** What to say to somebody who did not name a signing method, or named none that there is. */
final class SigningMethods {

  private SigningMethods() {}

  /**
   * What is wrong with arguments that name no method, whatever options follow; empty if this
   * command does not take a method.
   */
  static Optional<ParameterException> unless(CommandSpec command, String[] args) {
    Object group = command.userObject();
    int index = Arrays.asList(args).indexOf(command.name());
    if (!(group instanceof SignCommand || group instanceof VerifyCommand) || index < 0) {
      return Optional.empty();
    }
    return Optional.of(notGiven(command, Arrays.asList(args).subList(index + 1, args.length)));
  }

  static ParameterException notGiven(CommandSpec command, List<String> arguments) {
    Set<String> methods = command.subcommands().keySet();
    String choices = "name one of: " + String.join(", ", methods);
    if (arguments.isEmpty() || arguments.get(0).startsWith("-") || exists(arguments.get(0))) {
      return new ParameterException(
          command.commandLine(),
          "no signing method given, and the default method 'sigstore' is not available in this"
              + " version; "
              + choices);
    }
    return new ParameterException(
        command.commandLine(), "unknown signing method '" + arguments.get(0) + "'; " + choices);
  }

  private static boolean exists(String argument) {
    try {
      return Files.exists(Path.of(argument));
    } catch (InvalidPathException e) {
      return false;
    }
  }
}
