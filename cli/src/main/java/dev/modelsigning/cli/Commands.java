package dev.modelsigning.cli;

import dev.modelsigning.cli.command.Underscores;
import dev.modelsigning.cli.form.CommonForms;
import dev.modelsigning.cli.registry.OptionalSignature;
import dev.modelsigning.cli.verify.EachArguments;
import java.lang.reflect.Constructor;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The registry of commands, such as {@code digest}, and of those in groups, such as {@code verify
 * key}. The purpose and the options of a command are declared in its class, for picocli.
 *
 * <p>Parsing the option declarations of all commands takes picocli longer than the verification of
 * a small model. So only the command that is run is registered with it.
 */
final class Commands {

  /**
   * A command.
   *
   * @param name its name; both words for a command in a group
   * @param document where it is documented, a path from the top of the sources
   * @param type the name of its class. A class or constructor reference would make the JVM load the
   *     dependencies of other commands, and a lambda expression for each costs 3 ms; a test creates
   *     all of them
   * @param aboutAll whether it needs the whole tree of commands
   */
  record Entry(String name, String document, String type, boolean aboutAll) {

    private static final String ROOM = "dev.modelsigning.cli.";

    Entry(String name, String document, String type) {
      this(name, document, ROOM + type, false);
    }

    /** Whether it is in this group. */
    boolean isIn(String group) {
      return name.length() > group.length()
          && name.charAt(group.length()) == ' '
          && name.startsWith(group);
    }

    /** Creates the command with its default settings. */
    Object create() {
      try {
        Constructor<?> constructor = Class.forName(type).getDeclaredConstructor();
        constructor.setAccessible(true);
        return constructor.newInstance();
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(name + " is not a command of this program", e);
      }
    }
  }

  /** The documents that help names. */
  static final class Document {

    static final String START = "docs/tutorial.md";
    static final String SIGSTORE = "docs/keyless.md";
    static final String KEY = "docs/keys.md";
    static final String CERTIFICATE = "docs/certificates.md";
    static final String TOKEN = "docs/hardware.md";
    static final String VERDICT = "docs/verdicts.md";
    static final String INSTALL = "docs/install.md";
    static final String ATTESTATIONS = "docs/attestations.md";
    static final String COMPARE = "docs/inspect-and-diff.md";
    static final String POLICY = "docs/policy.md";
    static final String POLICY_IMPORT = "docs/policy-from-others.md";
    static final String REGISTRIES = "docs/registries.md";
    static final String TIMESTAMPS = "docs/timestamps.md";
    static final String ADMISSION = "docs/admission.md";
    static final String JSON = "docs/json.md";

    private Document() {}
  }

  /** In the order of the help; a group precedes its commands. */
  static final List<Entry> ENTRIES =
      List.of(
          new Entry("sign", Document.SIGSTORE, "sign.SignCommand"),
          new Entry("sign sigstore", Document.SIGSTORE, "sign.SignSigstoreCommand"),
          new Entry("sign key", Document.KEY, "sign.SignKeyCommand"),
          new Entry("sign certificate", Document.CERTIFICATE, "sign.SignCertificateCommand"),
          new Entry("sign pkcs11-key", Document.TOKEN, "sign.SignPkcs11KeyCommand"),
          new Entry("sign pkcs11-certificate", Document.TOKEN, "sign.SignPkcs11CertificateCommand"),
          new Entry("verify", Document.VERDICT, "verify.VerifyCommand"),
          new Entry("verify sigstore", Document.SIGSTORE, "verify.VerifySigstoreCommand"),
          new Entry("verify key", Document.KEY, "verify.VerifyKeyCommand"),
          new Entry("verify certificate", Document.CERTIFICATE, "verify.VerifyCertificateCommand"),
          new Entry("verify policy", Document.POLICY, "policy.VerifyPolicyCommand"),
          new Entry("attest", Document.ATTESTATIONS, "attest.AttestGroup"),
          new Entry("attest sigstore", Document.ATTESTATIONS, "attest.AttestSigstoreCommand"),
          new Entry("attest key", Document.ATTESTATIONS, "attest.AttestKeyCommand"),
          new Entry("attest certificate", Document.ATTESTATIONS, "attest.AttestCertificateCommand"),
          new Entry("attest pkcs11-key", Document.ATTESTATIONS, "attest.AttestPkcs11KeyCommand"),
          new Entry(
              "attest pkcs11-certificate",
              Document.ATTESTATIONS,
              "attest.AttestPkcs11CertificateCommand"),
          new Entry("verify-attestation", Document.ATTESTATIONS, "attest.VerifyAttestationGroup"),
          new Entry(
              "verify-attestation sigstore",
              Document.ATTESTATIONS,
              "attest.VerifyAttestationSigstoreCommand"),
          new Entry(
              "verify-attestation key",
              Document.ATTESTATIONS,
              "attest.VerifyAttestationKeyCommand"),
          new Entry(
              "verify-attestation certificate",
              Document.ATTESTATIONS,
              "attest.VerifyAttestationCertificateCommand"),
          new Entry("policy", Document.POLICY, "policy.PolicyGroup"),
          new Entry("policy lint", Document.POLICY, "policy.PolicyLintCommand"),
          new Entry("policy import", Document.POLICY_IMPORT, "policy.PolicyImportCommand"),
          new Entry("oci", Document.REGISTRIES, "oci.OciGroup"),
          new Entry("oci push", Document.REGISTRIES, "oci.OciPushCommand"),
          new Entry("oci list", Document.REGISTRIES, "oci.OciListCommand"),
          new Entry("serve", Document.ADMISSION, "serve.ServeGroup"),
          new Entry("serve admission", Document.ADMISSION, "serve.ServeAdmissionCommand"),
          new Entry("timestamp", Document.TIMESTAMPS, "timestamp.TimestampGroup"),
          new Entry("timestamp add", Document.TIMESTAMPS, "timestamp.TimestampAddCommand"),
          new Entry("digest", Document.COMPARE, "inspect.DigestCommand"),
          new Entry("inspect", Document.COMPARE, "inspect.InspectCommand"),
          new Entry("diff", Document.COMPARE, "inspect.DiffCommand"),
          new Entry("generate-key", Document.KEY, "keys.GenerateKeyCommand"),
          new Entry("public-key", Document.KEY, "keys.PublicKeyCommand"),
          new Entry("fingerprint", Document.KEY, "keys.FingerprintCommand"),
          new Entry("pkcs11", Document.TOKEN, "pkcs11.Pkcs11Command"),
          new Entry("pkcs11 list", Document.TOKEN, "pkcs11.Pkcs11ListCommand"),
          new Entry("pkcs11 public-key", Document.TOKEN, "pkcs11.Pkcs11PublicKeyCommand"),
          new Entry("quickstart", Document.START, "QuickstartCommand"),
          new Entry("schema", Document.JSON, Entry.ROOM + "SchemaCommand", false),
          new Entry("completion", Document.INSTALL, Entry.ROOM + "CompletionCommand", true),
          new Entry("help", Document.START, Entry.ROOM + "HelpCommand", true));

  private Commands() {}

  /**
   * The commands that help and completion list: all that work where this program runs.
   *
   * @param checkout whether it runs from a checkout
   */
  static List<Entry> listed(boolean checkout) {
    return checkout
        ? ENTRIES
        : ENTRIES.stream().filter(entry -> !entry.name().equals("quickstart")).toList();
  }

  /** Whether there is a command with this name; both words for a command in a group. */
  static boolean exists(String name) {
    for (Entry entry : ENTRIES) {
      if (entry.name().equals(name)) {
        return true;
      }
    }
    return false;
  }

  /** The document in which more is said about a command, or about the program. */
  static String document(CommandSpec command) {
    String name = command.qualifiedName();
    String document = Document.START;
    for (Entry entry : ENTRIES) {
      if (name.endsWith(" " + entry.name())) {
        document = entry.document();
      }
    }
    return document;
  }

  /** What help ends with: the manual page, and the document. */
  static String documentation(CommandSpec command) {
    return "man " + command.qualifiedName("-") + "; " + document(command) + ".";
  }

  /** The command line with all commands that are listed here. */
  static CommandLine all(RootCommand top) {
    return tree(top, listed(Checkout.isHere()));
  }

  /** The command line with all commands that packages have. */
  static CommandLine packaged(RootCommand top) {
    return tree(top, listed(false));
  }

  /**
   * The command line with only the command at the beginning of these arguments; with all commands
   * if there is none.
   */
  static CommandLine named(RootCommand top, String[] args) {
    List<Entry> shown = shown(args);
    return relaxed(shown.isEmpty() ? all(top) : tree(top, shown), args);
  }

  /**
   * The same from a table in place of annotations, which take longer to read than a small model to
   * verify; null if the command is not in the table. It has no help.
   */
  static @Nullable CommandLine common(RootCommand top, String[] args) {
    List<Entry> shown = shown(args);
    List<Object> commands = new ArrayList<>();
    commands.add(top);
    for (Entry entry : shown) {
      if (!CommonForms.has(entry.type())) {
        return null;
      }
      commands.add(entry.create());
    }
    return shown.isEmpty() ? null : relaxed(CommonForms.of(commands.toArray()), args);
  }

  /** The command at the beginning of these arguments, and its group; empty if all are needed. */
  private static List<Entry> shown(String[] args) {
    String first = args.length == 0 ? "" : Underscores.toHyphens(args[0]);
    String second = args.length < 2 ? "" : first + " " + Underscores.toHyphens(args[1]);
    boolean group = false;
    boolean aboutAll = false;
    List<Entry> shown = new ArrayList<>();
    // Loops instead of lambda expressions, each of which costs time at every start.
    for (Entry entry : ENTRIES) {
      group |= entry.isIn(first);
      if (entry.name().equals(first) || entry.name().equals(second)) {
        shown.add(entry);
        aboutAll |= entry.aboutAll();
      }
    }
    return shown.size() == (group ? 2 : 1) && !aboutAll ? shown : List.of();
  }

  private static CommandLine relaxed(CommandLine tree, String[] args) {
    OptionalSignature.relax(tree, args);
    CommandLine verify = tree.getSubcommands().get("verify");
    if (verify != null) {
      EachArguments.relax(verify, args);
    }
    return tree;
  }

  /** The option names of all commands, given the one that is running. */
  static Set<String> optionNames(CommandSpec running) {
    Set<String> names = new LinkedHashSet<>();
    addOptions(names, all(RootCommand.of(running).unused()));
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

  private static CommandLine tree(RootCommand top, Collection<Entry> entries) {
    CommandLine root = new CommandLine(top);
    for (Entry entry : entries) {
      if (entry.name().indexOf(' ') < 0) {
        CommandLine command = new CommandLine(entry.create());
        for (Entry below : entries) {
          if (below.isIn(entry.name())) {
            command.addSubcommand(below.create());
          }
        }
        root.addSubcommand(command);
      }
    }
    // Added here, so that they are the last options of all commands.
    root.getCommandSpec().mixinStandardHelpOptions(true);
    addVersion(root, new Version());
    return root;
  }

  /**
   * Not said by an annotation: what commands inherit is computed as they are added, and reads a
   * file of the jar.
   */
  private static void addVersion(CommandLine command, Version version) {
    command.getCommandSpec().versionProvider(version);
    for (CommandLine below : command.getSubcommands().values()) {
      addVersion(below, version);
    }
  }
}
