package dev.modelsigning.man;

import dev.modelsigning.cli.Reference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

/** The manual page of a command. */
final class ManualPage {

  /** Readers print a title twice in a line of 78 columns, with the section. */
  private static final int LONGEST_TITLE = 34;

  /** A description of the program that is longer than in its help. */
  private static final List<String> PROGRAM =
      List.of(
          "A model is a directory, or a single file. Signing hashes every file of it, and writes one"
              + " signature file: a Sigstore bundle with a list of all names and digests, signed."
              + " Verifying hashes the model again, and succeeds only if the list was signed by"
              + " whom you name and the model is what the list says, with nothing missing, changed"
              + " or added. What is not verified must not be used.",
          "Who signs is shown by one of four methods. Without a key to keep: sign in at an identity"
              + " provider, or be a job of a build service (sigstore). With a key pair of your own"
              + " (key), with a key and its X.509 certificate (certificate), or with either on a"
              + " hardware token (pkcs11-key, pkcs11-certificate).");

  private final Page page;
  private final CommandSpec command;
  private final Set<String> labels = new LinkedHashSet<>();
  private final Roff roff;

  /** The description of a command besides its options: paragraphs and examples. */
  private final List<String> paragraphs = new ArrayList<>();

  private final List<List<String>> examples = new ArrayList<>();

  private ManualPage(Page page) {
    this.page = page;
    this.command = page.command();
    for (ArgSpec argument : command.args()) {
      // A single letter may have any meaning.
      if (argument.paramLabel().length() > 1) {
        labels.add(argument.paramLabel());
      }
    }
    this.roff = new Roff(labels);
  }

  /** The page as roff source. */
  static String of(Page page, Edition edition) {
    ManualPage manual = new ManualPage(page);
    manual.readTexts();
    manual.head(edition);
    manual.synopsis();
    manual.description();
    manual.options();
    manual.commands();
    manual.list("EXIT STATUS", Surroundings.exitStatuses(page));
    manual.list("ENVIRONMENT", concerning(page, Surroundings.VARIABLES));
    manual.list("FILES", concerning(page, Surroundings.FILES));
    manual.examples();
    manual.seeAlso();
    return manual.roff.toString();
  }

  private static List<Surroundings> concerning(Page page, List<Surroundings> all) {
    return all.stream().filter(each -> each.concerns().test(page)).toList();
  }

  /** Splits a footer into paragraphs and examples, whose lines are indented. */
  private void readTexts() {
    for (String each : command.usageMessage().description()) {
      paragraphs.add(plain(each));
    }
    boolean continued = false;
    for (String each : command.usageMessage().footer()) {
      String line = plain(each);
      if (line.startsWith(" ")) {
        if (!continued) {
          examples.add(new ArrayList<>());
        }
        examples.get(examples.size() - 1).add(line.substring(2));
        continued = line.endsWith("\\");
      } else if (!line.isEmpty() && !line.matches("Examples?:|Exit status: .*")) {
        paragraphs.add(line);
      }
    }
  }

  /** Replaces doubled percent signs: the parser takes texts as format strings. */
  private static String plain(String text) {
    return text.replace("%%", "%");
  }

  private void head(Edition edition) {
    roff.request("\\\" Made by the build, from what the command says of itself.");
    // No title in the middle of the header: there is no room between the names.
    roff.request(
        "TH %s 1 %s \"%s\" \"\""
            .formatted(
                Roff.escape(title()),
                edition.date(),
                Roff.escape("model-signing " + edition.version())));
    // No hyphenation, as words may be names to type.
    roff.request("nh");
    roff.request("ad l");
    roff.section("NAME");
    roff.plain(page.name() + " - " + purpose()).end();
  }

  /** The name, as far as it fits twice into the first line. */
  private String title() {
    String name = page.name().toUpperCase(Locale.ROOT);
    return name.length() <= LONGEST_TITLE
        ? name
        : name.substring(name.indexOf("SIGNING-") + "SIGNING-".length());
  }

  /** The first sentence as a phrase: without a capital letter and a full stop. */
  private String purpose() {
    String sentence = paragraphs.get(0).replaceFirst("(?s)\\. .*|\\.$", "");
    return sentence.substring(0, 1).toLowerCase(Locale.ROOT) + sentence.substring(1);
  }

  private void synopsis() {
    roff.section("SYNOPSIS");
    roff.bold(page.typed());
    for (OptionSpec option : page.options()) {
      if (option.required()) {
        roff.plain(" ").bold(option.longestName()).plain("=").italic(option.paramLabel());
      }
    }
    roff.plain(" [").italic("OPTION").plain("]...");
    for (PositionalParamSpec parameter : parameters()) {
      boolean needed = parameter.arity().min() > 0;
      roff.plain(needed ? " " : " [").italic(parameter.paramLabel());
      roff.plain((parameter.arity().max() > 1 ? "..." : "") + (needed ? "" : "]"));
    }
    if (!page.below().isEmpty()) {
      roff.plain(" ").italic(command.usageMessage().synopsisSubcommandLabel());
    }
    roff.end();
  }

  private List<PositionalParamSpec> parameters() {
    return command.positionalParameters().stream().filter(each -> !each.hidden()).toList();
  }

  private void description() {
    roff.section("DESCRIPTION");
    paragraphs.forEach(roff::paragraph);
    if (page.isTop()) {
      PROGRAM.forEach(roff::paragraph);
    }
    for (PositionalParamSpec parameter : parameters()) {
      roff.entry(List.of(new Roff(labels).italic(parameter.paramLabel())), description(parameter));
    }
  }

  private static String description(ArgSpec argument) {
    return plain(String.join(" ", argument.description()));
  }

  private void options() {
    roff.section("OPTIONS");
    for (OptionSpec option : page.options()) {
      List<Roff> names = new ArrayList<>(List.of(names(option, List.of(option.names()))));
      if (option.negatable()) {
        names.add(names(option, denials(option)));
      }
      roff.entry(names, description(option));
    }
  }

  private Roff names(OptionSpec option, List<String> spellings) {
    Roff names = names(spellings);
    return option.arity().max() == 0 ? names : names.plain("=").italic(option.paramLabel());
  }

  private Roff names(List<String> spellings) {
    Roff names = new Roff(labels);
    String separator = "";
    for (String name : spellings) {
      names.plain(separator).bold(name);
      separator = ", ";
    }
    return names;
  }

  private List<String> denials(OptionSpec option) {
    return Arrays.stream(option.names())
        .map(each -> command.negatableOptionTransformer().makeNegative(each, command))
        .toList();
  }

  private void commands() {
    if (page.below().isEmpty()) {
      return;
    }
    roff.section("COMMANDS");
    for (Page each : page.below()) {
      String[] description = each.command().usageMessage().description();
      roff.entry(
          List.of(new Roff(labels).bold(each.command().name())),
          plain(description[0]) + " See " + each.name() + "(1).");
    }
  }

  private void list(String title, List<Surroundings> entries) {
    if (entries.isEmpty()) {
      return;
    }
    roff.section(title);
    for (Surroundings each : entries) {
      roff.entry(each.names().stream().map(name -> names(List.of(name))).toList(), each.meaning());
    }
  }

  private void examples() {
    if (!examples.isEmpty()) {
      roff.section("EXAMPLES");
      examples.forEach(roff::verbatim);
    }
  }

  private void seeAlso() {
    roff.section("SEE ALSO");
    String separator = "";
    for (Page each : page.related()) {
      roff.plain(separator).bold(each.name()).plain("(1)");
      separator = ", ";
    }
    roff.end();
    roff.paragraph(
        "The document "
            + Reference.document(command)
            + " says more; packages have it below share/doc/model-signing.");
  }
}
