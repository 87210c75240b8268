package dev.modelsigning.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.modelsigning.cli.command.Underscores;
import dev.modelsigning.cli.command.VerdictFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whether standard output is what a command promises to programs: one object on one line, in ASCII,
 * by the schema of the command, that says the same as the exit status; with {@code --watch} one for
 * each round, of which the last does. All tests that run commands have it checked here.
 */
public final class JsonOutput {

  /** Takes one reading of JSON only, as a program may take another. */
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .build();

  private static final SchemaRegistry REGISTRY =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

  private static final Map<String, Schema> SCHEMAS = new ConcurrentHashMap<>();

  private JsonOutput() {}

  /**
   * Checks it, if the command line asks for JSON.
   *
   * @param args the words behind the name of the program
   * @param status the exit status
   * @param out standard output
   */
  public static void check(List<String> args, int status, String out) {
    int names = args.indexOf("--");
    List<String> options = names < 0 ? args : args.subList(0, names);
    if (MachineVerdict.mayBeWanted(options.toArray(new String[0])) == VerdictFormat.JSON) {
      boolean watches = options.contains("--watch");
      assertThat(out)
          .as("standard output of %s", args)
          .endsWith("}\n")
          .matches("([ -~]+\n)" + (watches ? "+" : ""));
      List<String> lines = out.lines().toList();
      for (String line : lines) {
        assertValid(schemaOf(args), MAPPER.readTree(line));
      }
      JsonNode json = MAPPER.readTree(lines.get(lines.size() - 1));
      // What only looks has verified nothing, and need not fail because of that; nor does what
      // only warns.
      boolean looks =
          (List.of("inspect", "diff", "oci-list").contains(schemaOf(args)) && !json.has("reason"))
              || json.path("reason").asString("").equals("POLICY_WARNS");
      String verdict = json.has("attested") ? "attested" : "verified";
      boolean refused = json.has(verdict) && !json.get(verdict).asBoolean() && !looks;
      assertThat(status == 0 || looks)
          .as("exit status %s with %s", status, out)
          .isEqualTo(!refused);
    }
  }

  /** The name of the schema of a command; that of verdicts for what is no command with one. */
  static String schemaOf(List<String> args) {
    for (int i = 0; i < args.size(); i++) {
      String word = Underscores.toHyphens(args.get(i));
      if (Commands.exists(word)) {
        String both = i + 1 < args.size() ? word + "-" + args.get(i + 1) : word;
        List<String> names = Schemas.names();
        return names.contains(both) ? both : names.contains(word) ? word : "verify";
      }
    }
    return "verify";
  }

  /** Checks an object by the schema of this name. */
  static void assertValid(String name, JsonNode json) {
    assertThat(errors(name, json)).as("%s by the schema %s", json, name).isEmpty();
  }

  /** What is wrong with an object by the schema of this name. */
  static List<String> errors(String name, JsonNode json) {
    Schema schema =
        SCHEMAS.computeIfAbsent(
            name, each -> REGISTRY.getSchema(Schemas.text(each).orElseThrow(), InputFormat.JSON));
    return schema
        .validate(
            json,
            context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)))
        .stream()
        .map(Object::toString)
        .toList();
  }

  /** Reads an object. */
  static JsonNode read(String out) {
    return MAPPER.readTree(out);
  }
}
