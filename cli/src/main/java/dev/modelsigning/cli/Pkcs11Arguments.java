package dev.modelsigning.cli;

import dev.modelsigning.pkcs11.Pkcs11Uri;
import dev.modelsigning.pkcs11.TokenAccess;
import dev.modelsigning.signing.SigningException;
import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Which key on which token, and how to get at it. The PIN is never shown. */
final class Pkcs11Arguments {

  private static final String PIN_VARIABLE = "PKCS11_PIN";

  @Option(
      names = "--pkcs11-uri",
      paramLabel = "URI",
      description =
          "The PKCS #11 URI (RFC 7512), as 'model-signing pkcs11 list' prints it. Give the PIN with"
              + " ?pin-source=file:FILE, in PKCS11_PIN or at the prompt; others can see ?pin-value.")
  // Text, since the value must not show up in a message of the parser: it may hold a PIN.
  private @Nullable String uri;

  @Option(
      names = "--module-path",
      paramLabel = "FILE",
      description =
          "The PKCS #11 module, or a directory with the one that the URI names. Default: what the"
              + " URI says, else p11-kit.")
  private @Nullable Path module;

  /** The URI that was given. */
  Pkcs11Uri uri(CommandSpec command) {
    if (uri == null) {
      throw new WrongUsage(command.commandLine(), "Missing required option: '--pkcs11-uri=URI'");
    }
    return parse(uri, command);
  }

  /** The URI that was given, or one that fits every token. */
  Pkcs11Uri uriOrAny(CommandSpec command) {
    return parse(uri == null ? "pkcs11:" : uri, command);
  }

  private static Pkcs11Uri parse(String uri, CommandSpec command) {
    try {
      return Pkcs11Uri.parse(uri);
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(command.commandLine(), "--pkcs11-uri: " + e.getMessage(), e);
    }
  }

  /** The files that are needed to get at the token. */
  List<Path> files(CommandSpec command) throws IOException, SigningException {
    List<Path> files = new ArrayList<>();
    Pkcs11Uri given = uriOrAny(command);
    given.pinFile().ifPresent(files::add);
    for (Path path :
        Stream.of(given.modulePath(), Optional.ofNullable(module))
            .flatMap(Optional::stream)
            .toList()) {
      if (Files.isDirectory(path)) {
        try (Stream<Path> entries = Files.list(path)) {
          entries.filter(Pkcs11Arguments::isLibrary).forEach(files::add);
        }
      } else {
        files.add(path);
      }
    }
    return files;
  }

  private static boolean isLibrary(Path file) {
    return file.toString().matches(".*\\.(so|dylib|dll)([.0-9]*)");
  }

  /** How to get at the token. */
  TokenAccess access(CommandSpec command, boolean quiet) {
    Output output = ModelSigning.of(command).output(quiet);
    TokenAccess access =
        TokenAccess.withDefaults()
            .withWarnings(output::warning)
            .withPins(token -> pin(token, command));
    return module == null ? access : access.withModule(module);
  }

  private static char @Nullable [] pin(String token, CommandSpec command) throws SigningException {
    String variable = ModelSigning.of(command).environment().get(PIN_VARIABLE);
    if (variable != null && variable.isEmpty()) {
      throw new SigningException(
          PIN_VARIABLE
              + " is set to nothing, so no PIN was tried on the token "
              + token
              + "; set it to the PIN, or unset it to be asked");
    }
    if (variable != null) {
      return variable.toCharArray();
    }
    Console console = Terminal.console();
    if (console != null) {
      return Terminal.secret(console, "PIN of the token " + token);
    }
    throw new SigningException(
        "the token "
            + token
            + " wants a PIN; give it in a file that the URI names, as in"
            + " '?pin-source=file:/run/pin', or in "
            + PIN_VARIABLE);
  }
}
