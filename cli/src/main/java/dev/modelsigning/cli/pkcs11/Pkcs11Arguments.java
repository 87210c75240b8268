package dev.modelsigning.cli.pkcs11;

import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.keys.Pin;
import dev.modelsigning.cli.output.Output;
import dev.modelsigning.pkcs11.Pkcs11KeyProvider;
import dev.modelsigning.pkcs11.Pkcs11Uri;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.signingkey.KeyContext;
import dev.modelsigning.signingkey.SigningKey;
import dev.modelsigning.signingkey.VerifyingKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** Identifies a key on a token, and how to access it. The PIN is never shown. */
public final class Pkcs11Arguments {

  @Option(
      names = "--pkcs11-uri",
      paramLabel = "URI",
      description =
          "The PKCS #11 URI (RFC 7512), as 'model-signing pkcs11 list' prints it. Give the PIN with"
              + " ?pin-source=file:FILE, in PKCS11_PIN or at the prompt; others can see ?pin-value.")
  // Stored as text, since the value must not appear in a message of the parser: it may contain a
  // PIN.
  private @Nullable String uri;

  @Option(
      names = "--module-path",
      paramLabel = "FILE",
      description =
          "The PKCS #11 module, or a directory with the one that the URI names. Default: what the"
              + " URI says, else p11-kit.")
  private @Nullable Path module;

  /** Refuses a command line without a URI, or with an invalid one. */
  public void require(CommandSpec command) {
    uri(command);
  }

  private Pkcs11Uri uri(CommandSpec command) {
    if (uri == null) {
      throw new WrongUsage(command, "Missing required option: '--pkcs11-uri=URI'");
    }
    return parse(uri, command);
  }

  /** The URI that was given, or one that matches every token. */
  Pkcs11Uri uriOrAny(CommandSpec command) {
    return parse(uri == null ? "pkcs11:" : uri, command);
  }

  private static Pkcs11Uri parse(String uri, CommandSpec command) {
    try {
      return Pkcs11Uri.parse(uri);
    } catch (IllegalArgumentException e) {
      throw new WrongUsage(command, "--pkcs11-uri: " + e.getMessage(), e);
    }
  }

  /** The files that are needed to access the token. */
  public List<Path> files(CommandSpec command) throws IOException, SigningException {
    return new Pkcs11KeyProvider().files(uriOrAny(command), context(command, false));
  }

  /** The file with the PIN, if the URI names one. */
  public List<Path> pinFiles(CommandSpec command) throws SigningException {
    return uri(command).pinFile().stream().toList();
  }

  /** What to do if there is no token. */
  String noToken() {
    return "no token found; "
        + (module == null
            ? "insert one, or name its module with --module-path ('p11-kit list-modules' shows those"
                + " that were asked)"
            : "insert one, initialize it, or name another module with --module-path")
        + "; see docs/hardware.md";
  }

  /** The settings for accessing the token. */
  KeyContext context(CommandSpec command, boolean quiet) {
    Output output = Program.of(command).output(quiet);
    KeyContext context =
        KeyContext.withDefaults()
            .withFindings(output::finding)
            .withSecrets(request -> Pin.of(request, command));
    return module == null
        ? context
        : context.withOption(Pkcs11KeyProvider.MODULE_PATH, module.toString());
  }

  /** Reads the public key that was named. */
  VerifyingKey publicKey(CommandSpec command) throws IOException, SigningException {
    return new Pkcs11KeyProvider().publicKey(uri(command), context(command, false));
  }

  /** Opens the private key that was named. */
  public SigningKey open(CommandSpec command, boolean quiet) throws IOException, SigningException {
    return new Pkcs11KeyProvider().open(uri(command), context(command, quiet));
  }
}
