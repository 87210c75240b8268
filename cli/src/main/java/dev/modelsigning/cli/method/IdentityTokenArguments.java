package dev.modelsigning.cli.method;

import dev.modelsigning.cli.command.Program;
import dev.modelsigning.cli.command.WrongUsage;
import dev.modelsigning.cli.output.Terminal;
import dev.modelsigning.signing.SigningException;
import dev.modelsigning.sigstore.ClientTrustConfig;
import dev.modelsigning.sigstore.IdentityTokenSource;
import dev.modelsigning.sigstore.identity.AmbientCredentials;
import dev.modelsigning.sigstore.identity.InteractiveSignIn;
import dev.modelsigning.sigstore.identity.TerminalDialog;
import java.io.BufferedReader;
import java.io.Console;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.Charset;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** The source of the signer's identity token. It is never shown. */
final class IdentityTokenArguments {

  static final String TOKEN_VARIABLE = "SIGSTORE_ID_TOKEN";
  private static final String SECRET_VARIABLE = "MODEL_SIGNING_CLIENT_SECRET";

  @Option(
      names = "--identity-token",
      paramLabel = "TOKEN",
      description =
          "A token of an identity provider, in place of signing in. Visible to others; prefer"
              + " --identity-token-file, or the variable "
              + TOKEN_VARIABLE
              + ".")
  private @Nullable String token;

  @Option(
      names = "--identity-token-file",
      paramLabel = "FILE",
      description = "A file with the token; it is read when the token is needed.")
  private @Nullable Path tokenFile;

  @Option(
      names = "--use-ambient-credentials",
      negatable = true,
      fallbackValue = "true",
      description =
          "Use the identity of the build service or cloud that this runs on: GitHub Actions, Google"
              + " Cloud, Buildkite, GitLab CI, CircleCI.")
  private @Nullable Boolean ambient;

  @Option(
      names = "--oauth-force-oob",
      negatable = true,
      fallbackValue = "true",
      description =
          "Sign in with a browser on another machine: type in the code that it shows, as over SSH.")
  private @Nullable Boolean outOfBand;

  @Option(
      names = {"-y", "--yes"},
      description =
          "Sign in without a question whether the identity may become public; it is asked on a"
              + " terminal only.")
  private boolean yes;

  @Option(
      names = "--client-id",
      paramLabel = "ID",
      description = "What this client is called at the identity provider. Default: sigstore.")
  private String clientId = InteractiveSignIn.CLIENT_ID;

  @Option(
      names = "--client-secret",
      paramLabel = "SECRET",
      description =
          "Its secret, if the provider demands one. Visible to others; prefer the variable "
              + SECRET_VARIABLE
              + ".")
  private @Nullable String clientSecret;

  /** Whether the identity is that of the build service. */
  boolean isAmbient() {
    return Boolean.TRUE.equals(ambient);
  }

  /** The file with the token, if one was given. */
  List<Path> files() {
    return tokenFile == null ? List.of() : List.of(tokenFile);
  }

  /**
   * The token that was given, if any. It is read without user interaction, and refused if it is
   * unusable.
   */
  Optional<IdentityTokenSource> given(CommandSpec command) throws IOException, SigningException {
    if (token != null && tokenFile != null) {
      throw new WrongUsage(
          command, "--identity-token and --identity-token-file exclude each other");
    }
    String variable = Program.of(command).environment().getOrDefault(TOKEN_VARIABLE, "");
    if (token != null) {
      return Optional.of(IdentityTokenSource.of(token).requireUnexpired());
    }
    if (tokenFile != null) {
      return Optional.of(IdentityTokenSource.fromFile(tokenFile).requireUnexpired());
    }
    if (!variable.isEmpty()) {
      return Optional.of(
          IdentityTokenSource.fromEnvironment(Program.of(command).environment(), TOKEN_VARIABLE)
              .requireUnexpired());
    }
    return Optional.empty();
  }

  /** The source of tokens if none was given, which is called after the model was hashed. */
  IdentityTokenSource source(ClientTrustConfig config, CommandSpec command)
      throws IOException, SigningException {
    return Boolean.TRUE.equals(ambient) ? ambient() : interactive(config, command);
  }

  /**
   * The identity of the CI service. One token is requested now, to detect a failure before hours of
   * hashing; it may have expired when another one is needed.
   */
  private IdentityTokenSource ambient() throws IOException, SigningException {
    AmbientCredentials credentials = AmbientCredentials.forClient(clientId);
    IdentityTokenSource none =
        () -> {
          throw new SigningException(
              "--use-ambient-credentials: expected GitHub Actions, Google Cloud, Buildkite, GitLab"
                  + " CI or CircleCI, found none of them; leave the option out to sign in with a"
                  + " browser");
        };
    if (credentials.token().isEmpty()) {
      none.token();
    }
    return credentials.orElse(none);
  }

  private IdentityTokenSource interactive(ClientTrustConfig config, CommandSpec command)
      throws IOException {
    Optional<URI> provider = config.signingConfig().identityProvider();
    if (provider.isEmpty()) {
      return () -> {
        throw new SigningException(
            "the Sigstore instance names no identity provider to sign in with; give a token with"
                + " --identity-token-file or in "
                + TOKEN_VARIABLE);
      };
    }
    Program root = Program.of(command);
    BufferedReader input =
        new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset()));
    TerminalDialog dialog = TerminalDialog.using(root.output(false).errorStream(), input);
    boolean typed = Boolean.TRUE.equals(outOfBand);
    InteractiveSignIn signIn =
        InteractiveSignIn.at(provider.get(), typed ? dialog.withoutBrowser() : dialog)
            .withClient(clientId, secret(root));
    IdentityTokenSource source = typed ? signIn.withoutLoopback() : signIn;
    return () -> {
      requireConsent(command);
      return source.token();
    };
  }

  /** Explains what cannot be undone, and asks for consent if there is a terminal. */
  private void requireConsent(CommandSpec command) throws SigningException {
    Program.of(command)
        .output(false)
        .error(
            "Your identity, such as your e-mail address, becomes PUBLIC for ever, in the signature"
                + " and in a log.");
    Console console = yes ? null : Terminal.console();
    if (console != null && !Terminal.agrees(console, "Sign in and sign?")) {
      throw new SigningException("not agreed to, so nothing was signed");
    }
  }

  private Optional<String> secret(Program root) {
    String variable = root.environment().getOrDefault(SECRET_VARIABLE, "");
    return Optional.ofNullable(clientSecret)
        .or(() -> Optional.of(variable))
        .filter(value -> !value.isEmpty());
  }
}
