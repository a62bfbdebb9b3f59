from cartero.cli.main import main

main()
