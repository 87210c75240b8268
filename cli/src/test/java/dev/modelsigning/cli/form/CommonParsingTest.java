package dev.modelsigning.cli.form;

import static org.assertj.core.api.Assertions.assertThat;

import dev.modelsigning.cli.keys.KeyName;
import dev.modelsigning.cli.registry.OptionalSignature;
import dev.modelsigning.cli.verify.EachArguments;
import dev.modelsigning.model.HashAlgorithm;
import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/** A command line means the same by the table as by the annotations: all values, and all errors. */
class CommonParsingTest {

  static final List<String> COMMANDS = CommonFormsTest.COMMANDS;

  /** As many for each command. */
  private static final int LINES = 40;

  /** What may stand anywhere, and makes most command lines wrong. */
  private static final List<String> ODD =
      List.of(
          "-h",
          "--help",
          "-V",
          "--version",
          "-qh",
          "-qq",
          "-qx",
          "-q=true",
          "--",
          "-",
          "",
          "@file",
          "\"quoted\"",
          "more",
          "--nope",
          "--nope=1",
          "--sig",
          "--quiet=false",
          "--no-quiet",
          "--ignore-git-paths=false",
          "--no-ignore-git-paths",
          "--no-allow-symlinks=true",
          "--log-level",
          "--log-level=debug",
          "--LOG-LEVEL=debug",
          "--format:json",
          "--each=models",
          "key",
          "sign");

  @ParameterizedTest
  @FieldSource("COMMANDS")
  void givesTheSameValuesAndErrors(String name) {
    CommandSpec command = command(name);
    Random random = new Random(name.hashCode());
    int right = 0;
    for (int i = 0; i < LINES; i++) {
      String[] args = line(name, command, random, i % 3 == 0 ? 1 : 0);
      right += compare(name, args) ? 1 : 0;
    }

    // Neither is rare.
    assertThat(right).isBetween(LINES / 5, LINES - LINES / 5);
  }

  /** Each option once, with what else is required. */
  @ParameterizedTest
  @FieldSource("COMMANDS")
  void givesTheSameForEachOption(String name) {
    CommandSpec command = command(name);
    Random random = new Random(1);
    for (OptionSpec option : command.options()) {
      List<String> args = required(name, command, random);
      addOption(args, option, option.names()[0], random, true);

      compare(name, args.toArray(new String[0]));
    }
  }

  @ParameterizedTest
  @CsvSource({
    "verify key, verify key m --public-key k",
    "verify key, verify key --signature s --public-key k",
    "verify key, verify key --each models --signature-name s --public-key k",
    "verify key, verify key m --each models --signature-name s --public-key k",
    "verify key, verify key oci://host/m:1 --public-key k",
    "verify key, verify key oci://host/m:1 oci://host/n:1 --public-key k",
    "verify key, verify key m --signature s --signature t --public-key k --only a --only b",
    "verify certificate, verify certificate --each=models --signature-name=s",
    "verify policy, verify policy --policy p",
    "verify policy, verify policy a b c --policy p --signature s --signature t",
    "sign key, sign key m --private-key k --shard-size x",
    "sign certificate, sign certificate m --password a --password b",
    "inspect, inspect",
    "digest, digest m --hash-algorithm BLAKE3 --log-level warning",
    "digest, digest m --hash-algorithm md5",
    "digest, --log-level DEBUG digest m"
  })
  void givesTheSameWhereArgumentsDependOnOthers(String name, String line) {
    compare(name, line.split(" "));
  }

  private static CommandLine command(CommandLine tree, String name) {
    CommandLine command = tree;
    for (String word : name.split(" ", -1)) {
      command = command.getSubcommands().get(word);
    }
    return command;
  }

  private static CommandSpec command(String name) {
    return command(CommonFormsTest.annotated(name), name).getCommandSpec();
  }

  /** Compares what a command line means, and returns whether it can be run. */
  private static boolean compare(String name, String[] args) {
    CommandLine annotated = configured(CommonFormsTest.annotated(name), args);
    CommandLine common = configured(CommonFormsTest.common(name), args);
    Map<String, Object> expected = parse(name, annotated, args);

    assertThat(parse(name, common, args)).as(Arrays.toString(args)).isEqualTo(expected);
    return !expected.containsKey("error");
  }

  /** As the program does, for both. */
  private static CommandLine configured(CommandLine tree, String[] args) {
    OptionalSignature.relax(tree, args);
    if (tree.getSubcommands().get("verify") != null) {
      EachArguments.relax(tree.getSubcommands().get("verify"), args);
    }
    tree.setCaseInsensitiveEnumValuesAllowed(true)
        .setOverwrittenOptionsAllowed(true)
        .setExpandAtFiles(false);
    return Conversion.addTo(tree, null);
  }

  private static Map<String, Object> parse(String name, CommandLine line, String[] args) {
    Map<String, Object> result = new TreeMap<>();
    CommandLine command = command(line, name);
    try {
      ParseResult parsed = line.parseArgs(args);
      List<String> said = new ArrayList<>();
      for (CommandLine each : parsed.asCommandLineList()) {
        ParseResult of = each.getParseResult();
        said.add(
            each.getCommandName()
                + of.matchedArgs().stream().map(CommonParsingTest::name).toList()
                + of.originalArgs()
                + of.unmatched()
                + each.isUsageHelpRequested()
                + each.isVersionHelpRequested());
      }
      result.put("said", said);
      result.put("root", describe(line.getCommand()));
      result.put("command", describe(command.getCommand()));
      List<Object> options = new ArrayList<>();
      for (OptionSpec option : command.getCommandSpec().options()) {
        if (isOurs(option)) {
          options.add(name(option) + "=" + describe(option.getValue()));
        }
      }
      result.put("options", options);
    } catch (ParameterException e) {
      ArgSpec argument = e.getArgSpec();
      result.put("error", e.getClass().getName());
      result.put("message", String.valueOf(e.getMessage()));
      result.put("cause", String.valueOf(e.getCause()));
      result.put("value", String.valueOf(e.getValue()));
      result.put("argument", argument == null ? "" : name(argument));
      result.put("where", e.getCommandLine().getCommandSpec().qualifiedName());
    }
    return result;
  }

  private static boolean isOurs(OptionSpec option) {
    return !option.usageHelp() && !option.versionHelp();
  }

  private static String name(ArgSpec argument) {
    return argument instanceof OptionSpec option ? option.longestName() : argument.paramLabel();
  }

  /** All that is in the fields of a command, and of what it has in them. */
  private static Object describe(Object value) {
    if (value == null || value instanceof Enum<?> || value instanceof Map<?, ?>) {
      return String.valueOf(value);
    }
    if (value instanceof CommandSpec spec) {
      // That of a mixin in a mixin is not that of the command, but leads to it.
      CommandSpec command = spec.commandLine().getCommandSpec();
      return command.qualifiedName() + " of " + command.root().userObject().getClass();
    }
    if (value instanceof Collection<?> values) {
      return values.getClass() + "" + values.stream().map(CommonParsingTest::describe).toList();
    }
    if (value.getClass().isArray()) {
      List<Object> elements = new ArrayList<>();
      for (int i = 0; i < Array.getLength(value); i++) {
        elements.add(describe(Array.get(value, i)));
      }
      return elements;
    }
    String type = value.getClass().getName();
    if (!type.startsWith(FormTable.ROOM) || type.contains("$$") || type.contains(".output.")) {
      return type.startsWith("java.") ? value.toString() : type.replaceFirst("\\$\\$.*", "");
    }
    Map<String, Object> fields = new TreeMap<>();
    for (Class<?> each = value.getClass(); each != Object.class; each = each.getSuperclass()) {
      for (Field field : each.getDeclaredFields()) {
        if (!Modifier.isStatic(field.getModifiers())) {
          field.setAccessible(true);
          try {
            fields.put(each.getSimpleName() + "." + field.getName(), describe(field.get(value)));
          } catch (IllegalAccessException e) {
            throw new AssertionError(e);
          }
        }
      }
    }
    return fields;
  }

  /** A command line, which may be wrong in as many ways as said, and in others. */
  private static String[] line(String name, CommandSpec command, Random random, int wrong) {
    List<String> args = required(name, command, random);
    List<OptionSpec> options =
        command.options().stream().filter(CommonParsingTest::isOurs).toList();
    for (int i = random.nextInt(6); i > 0; i--) {
      OptionSpec option = options.get(random.nextInt(options.size()));
      String[] names = option.names();
      String chosen = names[random.nextInt(names.length)];
      if (option.negatable() && random.nextBoolean()) {
        chosen = "--no-" + chosen.substring(2);
      }
      addOption(args, option, chosen, random, random.nextInt(25) != 0);
    }
    int words = name.split(" ").length;
    for (int i = 0; i < wrong; i++) {
      int at = words + random.nextInt(args.size() - words + 1);
      if (random.nextBoolean() && at < args.size()) {
        args.remove(at);
      } else {
        args.add(at, ODD.get(random.nextInt(ODD.size())));
      }
    }
    return args.toArray(new String[0]);
  }

  private static List<String> required(String name, CommandSpec command, Random random) {
    List<String> args = new ArrayList<>(List.of(name.split(" ", -1)));
    boolean first = random.nextBoolean();
    if (first) {
      args.add("model");
    }
    for (OptionSpec option : command.options()) {
      if (option.required()) {
        addOption(args, option, option.longestName(), random, true);
      }
    }
    if (!first) {
      args.add("model");
    }
    return args;
  }

  private static void addOption(
      List<String> args, OptionSpec option, String name, Random random, boolean right) {
    if (option.arity().max() == 0) {
      args.add(name);
      return;
    }
    String value = right ? right(option, random) : ODD.get(random.nextInt(ODD.size()));
    if (random.nextBoolean()) {
      args.add(name + "=" + value);
    } else {
      args.add(name);
      args.add(value);
    }
  }

  private static String right(OptionSpec option, Random random) {
    Class<?> type = option.auxiliaryTypes()[0];
    if (type.isEnum()) {
      Object[] constants = type.getEnumConstants();
      String value = constants[random.nextInt(constants.length)].toString();
      return random.nextBoolean() ? value : value.toUpperCase(Locale.ROOT);
    }
    List<String> values =
        Map.<Class<?>, List<String>>of(
                Long.class, List.of("1", "123456789"),
                Instant.class, List.of("2026-01-31", "2026-01-31T12:00:00Z"),
                Duration.class, List.of("90s", "2w"),
                URI.class, List.of("https://example.com"),
                HashAlgorithm.class, List.of("sha256", "BLAKE2B"),
                KeyName.class, List.of("key.pem", "pkcs11:token=a;object=b"),
                Path.class, List.of("a/file", "./-", "an=other"))
            .getOrDefault(type, List.of("some", "two words", "a=b"));
    return values.get(random.nextInt(values.size()));
  }
}
