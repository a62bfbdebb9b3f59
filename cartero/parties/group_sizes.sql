-- How many terceros are in each group and zone of a company; of one, no more than so many are counted.
SELECT g.id, (SELECT count(*) FROM (SELECT FROM parties_partygroup WHERE group_id = g.id LIMIT %(most)s) AS members)
  FROM parties_group g WHERE g.company_id = %(company)s
