/**
 * The command line: one class for each command. {@link dev.selvage.cli.Main} finds the command and
 * turns errors into exit codes.
 *
 * <p>Uses {@code cli.bench}, {@code cli.command}, {@code cli.evaluation}, {@code cli.model}, {@code
 * cli.options}, {@code coco}, {@code config}, {@code data}, {@code data.image}, {@code
 * data.kaggle}, {@code data.loader}, {@code data.split}, {@code doctor}, {@code eval}, {@code
 * eval.analysis}, {@code http}, {@code inspect}, {@code model}, {@code predict}, {@code
 * predict.tiles}, {@code ranks}, {@code report}, {@code report.evaluation}, {@code resize}, {@code
 * run}, {@code runtime}, {@code sample}, {@code serve}, {@code studio}, {@code submission}, {@code
 * tensor}, {@code train}, {@code train.listener}, {@code tune}, {@code util}, {@code weights},
 * {@code weights.files}.
 */
package dev.selvage.cli;
