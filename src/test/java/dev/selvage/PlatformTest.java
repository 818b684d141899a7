package dev.selvage;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.Charset;
import java.text.DecimalFormat;
import java.text.NumberFormat;
import java.util.Scanner;
import org.junit.jupiter.api.Test;

/**
 * Nothing depends on the locale or the encoding of the machine. A text of numbers that another
 * program or a later run reads is made without {@code %d} and {@code %f}, or with {@code
 * Locale.ROOT}; {@code LocaleTest} in {@code cli} compares the files of all commands.
 */
class PlatformTest {
  @Test
  void noCallTakesLocaleOrEncodingFromTheMachine() {
    noClasses()
        .should()
        .callMethod(String.class, "toLowerCase")
        .orShould()
        .callMethod(String.class, "toUpperCase")
        .orShould()
        .callMethod(String.class, "getBytes")
        .orShould()
        .callConstructor(String.class, byte[].class)
        .orShould()
        .callMethod(Charset.class, "defaultCharset")
        .orShould()
        .callConstructor(InputStreamReader.class, InputStream.class)
        .orShould()
        .callConstructor(OutputStreamWriter.class, OutputStream.class)
        .orShould()
        .callConstructor(Scanner.class, InputStream.class)
        .orShould()
        .callMethod(NumberFormat.class, "getInstance")
        .orShould()
        .callConstructor(DecimalFormat.class, String.class)
        .check(
            new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests())
                .importPackages("dev.selvage"));
  }
}
